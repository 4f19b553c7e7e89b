import { expect, test } from "vitest";
import { matches } from "./sections.ts";

test("a page is found by any of its words, in any width and case", () => {
  const texts = ["API キー", "プログラムから使うための鍵", "token secret トークン"];
  expect(matches("ａｐｉ", texts)).toBe(true);
  expect(matches("トークン 鍵", texts)).toBe(true);
  expect(matches("鍵 タグ", texts)).toBe(false);
  expect(matches("", texts)).toBe(true);
});
