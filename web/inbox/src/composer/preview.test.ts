import { expect, test } from "vitest";
import { lostOf } from "./preview.ts";

test("what a channel does not carry is told once, but for what is written out there", () => {
  const at = { start: 0, end: 1 };
  const marks = [{ kind: "link", ...at, href: "https://example.test" }, { kind: "list_item", ...at }, { kind: "italic", ...at }, { kind: "bold", ...at }, { kind: "bold", start: 3, end: 4 }] as const;
  expect(lostOf(marks, [])).toEqual(["bold", "italic"]);
  expect(lostOf(marks, ["bold"])).toEqual(["italic"]);
  expect(lostOf([], [])).toEqual([]);
});
