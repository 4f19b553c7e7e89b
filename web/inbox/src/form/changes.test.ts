import { expect, test } from "vitest";
import { changes, rebase, same } from "./changes.ts";

test("values are compared by content", () => {
  expect(same({ week: [[{ start: 1 }]] }, { week: [[{ start: 1 }]] })).toBe(true);
  expect(same({ week: [[{ start: 1 }]] }, { week: [[{ start: 2 }]] })).toBe(false);
  expect(same([], {})).toBe(false);
  expect(same({ a: undefined }, {})).toBe(true);
  expect(same(null, {})).toBe(false);
});

test("only changed fields are dirty", () => {
  const base = { name: "Support", tags: ["a"] };
  expect(changes(base, { name: "Support", tags: ["a"] })).toEqual({});
  expect(changes(base, { name: "Help", tags: ["a"] })).toEqual({ name: "Help" });
  expect(changes(base, { name: "Support", tags: ["a", "b"] })).toEqual({ tags: ["a", "b"] });
});

test("a colleague's change arrives, one's own edit stays", () => {
  const base = { name: "Support", color: "blue" };
  const edited = { name: "Help", color: "blue" };
  expect(rebase(base, edited, { name: "Desk", color: "red" })).toEqual({ name: "Help", color: "red" });
  expect(rebase(base, base, { name: "Desk", color: "red" })).toEqual({ name: "Desk", color: "red" });
});
