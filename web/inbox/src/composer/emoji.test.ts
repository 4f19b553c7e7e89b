import english from "emojibase-data/en/data.json" with { type: "json" };
import japanese from "emojibase-data/ja/data.json" with { type: "json" };
import { expect, test, vi } from "vitest";
import { emojiNames, fitting, merged } from "./emoji.ts";

vi.mock("virtual:emoji-data", () => ({ default: "/emoji" }));

const source = emojiNames(() => "ja");

test.each([
  [":sm", "sm"],
  ["ありがとう :にこ", "にこ"],
  ["ありがとう！：にこ", "にこ"],
  [":s", null], // one Latin letter says too little
  [":)", null],
  ["10:30", null],
  ["番号:12", null],
  [" :12", null],
  ["件名:返品", null],
  ["https://example.com", null],
  [":smile ", null],
])("%s asks for %s", (text, query) => expect(source.wanted(text)).toBe(query));

const all = merged(japanese, english);
const found = (query: string) => fitting(all, query).map(({ emoji }) => emoji);

test("emoji are found by Japanese and English names, in any width, case and kana", () => {
  expect(found("おじぎ")).toContain("🙇");
  expect(found("笑顔").length).toBeGreaterThan(2);
  expect(found("ハート")).toEqual(found("はーと"));
  expect(found("ﾊｰﾄ")).toEqual(found("ハート"));
  expect(found("thumbs_up")[0]).toBe("👍️");
  expect(found("Party").length).toBeGreaterThan(0);
  expect(found("nosuchthing")).toEqual([]);
});

test("the name in the viewer's language is shown", () => expect(fitting(all, "thumbs up")[0]?.label).toMatch(/[\u3040-\u9fff]/));
