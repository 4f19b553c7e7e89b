import { expect, test } from "vitest";

const raw = import.meta.glob<string>("../**/*.{ts,tsx}", { eager: true, query: "?raw", import: "default" });
const files = import.meta.glob<Record<string, string>>("./*.json", { eager: true, import: "default" });
const code = Object.entries(raw)
  .filter(([path]) => !path.includes(".test."))
  .map(([, text]) => text)
  .join("\n");

const rooms = [...new Set(Object.keys(files).map((path) => /\.\/(.+)\.(?:en|ja)\.json$/.exec(path)?.[1] ?? path))];
const forms = /_(zero|one|two|few|many|other)$/;
const plain = (texts: Record<string, string>) => [...new Set(Object.keys(texts).map((key) => key.replace(forms, "")))].sort();
const marks = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

test.each(rooms)("%s: both languages have the same keys and marks", (room) => {
  const en = files[`./${room}.en.json`] ?? {};
  const ja = files[`./${room}.ja.json`] ?? {};
  expect(plain(ja)).toEqual(plain(en));
  const twin = (key: string) => en[key] ?? en[`${key.replace(forms, "")}_other`] ?? "";
  expect(Object.keys(ja).filter((key) => !ja[key]?.trim() || marks(ja[key]).join() !== marks(twin(key)).join())).toEqual([]);
});

test("no two rooms use one key", () => {
  const all = rooms.flatMap((room) => Object.keys(files[`./${room}.en.json`] ?? {}));
  expect(all.filter((key, i) => all.indexOf(key) !== i)).toEqual([]);
});

test("every text is used somewhere", () => {
  const used = (key: string) => code.includes(`"${key}"`) || key.split(".").some((_, i, parts) => i > 0 && code.includes(`\`${parts.slice(0, i).join(".")}.\${`));
  const unused = rooms.flatMap((room) => plain(files[`./${room}.en.json`] ?? {})).filter((key) => !used(key));
  expect(unused).toEqual([]);
});
