import { expect, test } from "vitest";
import { cannedAnswer, cannedReplies, findCanned, textIn } from "./canned.ts";

const all = [
  { id: 1, name: "営業時間", reading: "えいぎょうじかん", texts: { ja: "9時からです。", en: "From nine." }, uses: 1 },
  { id: 2, name: "返金の手順", reading: "へんきん", texts: { ja: "営業日で3日かかります。" }, uses: 9 },
  { id: 3, name: "Thanks", reading: "", folder: "Greetings", texts: { en: "Thank you!" }, uses: 0 },
];

test.each([
  ["営業", [1, 2]],
  ["エイギョウ", [1]],
  ["へん", [2]],
  ["ｔｈａｎｋ", [3]],
  ["", [2, 1, 3]],
  ["えぎょじ", [1]],
  ["greet", [3]],
  ["無い", []],
])("%s finds", (query, ids) => expect(findCanned(all, query).map(({ id }) => id)).toEqual(ids));

test.each([
  ["/", ""],
  ["こんにちは /えい", "えい"],
  ["　／営業", "営業"],
  ["24/7", null],
  ["https://example.com/a", null],
  ["/a b", null],
])("%s asks for %s", (text, query) => expect(cannedReplies(() => []).wanted(text)).toBe(query));

test("the customer's language comes first, then whatever there is", () => {
  expect(textIn(all[0]?.texts ?? {}, ["en", "ja"])).toBe("From nine.");
  expect(textIn(all[1]?.texts ?? {}, ["en", "de"])).toBe("営業日で3日かかります。");
});

test("lines stay lines", () => {
  expect(cannedAnswer(all[0] as (typeof all)[0], "a\n\nb", () => {}).content).toEqual([{ type: "text", text: "a" }, { type: "hardBreak" }, { type: "hardBreak" }, { type: "text", text: "b" }]);
});
