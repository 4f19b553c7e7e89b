import { expect, test } from "vitest";
import en from "./locale/en.json";
import ja from "./locale/ja.json";
import launcherEn from "./locale/launcher.en.json";
import launcherJa from "./locale/launcher.ja.json";
import { textsFrom } from "./texts.ts";
import { bytes, dayName, opening } from "./when.ts";

const marks = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([mark]) => mark).sort();

test.each([
  [en, ja],
  [launcherEn, launcherJa],
])("both languages say the same things, with the same marks", (a: Record<string, string>, b: Record<string, string>) => {
  expect(Object.keys(b).sort()).toEqual(Object.keys(a).sort());
  for (const key of Object.keys(a)) expect([key, marks(b[key] ?? "")]).toEqual([key, marks(a[key] ?? "")]);
});

test("values go into their marks as they are, and are never read again", () => {
  expect(textsFrom("ja", ja).t("typing", { name: "{name} $& <b>" })).toBe("{name} $& <b>が入力しています…");
});

test("days and sizes in the visitor's language", () => {
  const japanese = textsFrom("ja", ja);
  expect(dayName(japanese, new Date().toISOString())).toBe("今日");
  expect(dayName(japanese, new Date(Date.now() - 864e5).toISOString())).toBe("昨日");
  expect(dayName(textsFrom("en", en), "2020-01-15T12:00:00.000Z")).toContain("2020");
  expect(opening(japanese, "2020-01-15T12:00:00.000Z")).toMatch(/^2020年1月15日\(水\) /);
  expect([bytes("en", 300), bytes("en", 12_345), bytes("ja", 1_440_000)]).toEqual(["1 kB", "12 kB", "1.4 MB"]);
});
