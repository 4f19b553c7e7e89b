import { expect, test } from "vitest";
import { actions } from "../actions/index.ts";
import { fields } from "./fields.ts";
import { fieldOn } from "./reveal.ts";

const commands = new Set(actions.map(({ label }) => label));
const sources = import.meta.glob<string>("./**/*.tsx", { eager: true, query: "?raw", import: "default" });
const sourceOf = (section: string) =>
  Object.entries(sources)
    .filter(([path]) => path.startsWith(`./${section}/`))
    .map(([, text]) => text)
    .join("\n");

test.each(fields.filter(({ in: section, label }) => section !== "keys" || !commands.has(label)).map(({ label, in: section }) => [label, section]))("%s stands on settings/%s", (label, section) =>
  expect(sourceOf(section)).toContain(`"${label}"`),
);

// Where one belongs to one workspace only, there is nothing to switch; quiet hours have an end and a beginning once they are on.
const sometimes = ["profile.workspaces.now", "telling.quiet_from", "telling.quiet_until"];
test.each([...new Set(fields.map(({ in: section }) => section))])("every labelled control of settings/%s can be found", (section) => {
  const page = sources[`./${section}/page.tsx`] ?? "";
  const labels = [...page.matchAll(/<(?:TextField|PasswordField|Select|ZoneField|Switch|Choice)\b[^>]*?\blabel=\{t\("([^"]+)"\)/gs)].map(([, label]) => label);
  expect(labels.filter((label) => !sometimes.includes(label ?? "") && !fields.some((field) => field.in === section && field.label === label))).toEqual([]);
});

test("a field is found by the words that stand there, and the focus goes to its control", () => {
  document.body.innerHTML = '<main><h1>Sound</h1><div><p>Theme</p><div role="radiogroup"><button>Light</button></div></div><ul><li><span>Resolve</span><button id="add">+</button></li></ul><section><h2>Password</h2></section></main>';
  const page = document.querySelector("main") as HTMLElement;
  expect(fieldOn(page, "Theme")?.focus.textContent).toBe("Light");
  expect(fieldOn(page, "Resolve")?.focus.id).toBe("add");
  expect(fieldOn(page, "Password")?.focus.tagName).toBe("H2");
  expect(fieldOn(page, "Sound")).toBeNull();
});
