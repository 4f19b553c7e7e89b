import { expect, test } from "vitest";
import { named, normalise, rank } from "./match.ts";

const labels = (query: string, ...all: string[]) => rank(all.map((label) => ({ label })), query).map(({ label }) => label);

test("width, case and kana make no difference", () => {
  expect(normalise("ｽﾇｰｽﾞ")).toBe(normalise("すぬーず"));
  expect(labels("スヌ", "すぬーず", "解決")).toEqual(["すぬーず"]);
});

test("beginnings come first, then words, then anything in order", () => {
  expect(labels("re", "Mark as unread", "Go to: resolved", "Reply")).toEqual(["Reply", "Go to: resolved", "Mark as unread"]);
  expect(labels("mur", "Mark as unread")).toEqual(["Mark as unread"]);
  expect(labels("zz", "Mark as unread")).toEqual([]);
});

test("a command is meant by its name, not by letters that happen to be in it", () => {
  expect(named({ label: "Mark as unread" }, "unread")).toBe(true);
  expect(named({ label: "担当を外す", words: "たんとう unassign" }, "タントウ")).toBe(true);
  expect(named({ label: "Mark as unread" }, "mur")).toBe(false);
  expect(named({ label: "Mark as unread" }, "")).toBe(false);
});
