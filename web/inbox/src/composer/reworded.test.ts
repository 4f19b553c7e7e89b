import { expect, test } from "vitest";
import { reworded } from "./reworded.ts";

const bold = (text: string, start: number, end: number) => ({ kind: "text" as const, text, marks: [{ kind: "bold" as const, start, end }] });

test("marks stay where they are before a change, and move with what stands after it", () => {
  expect(reworded(bold("one two three", 0, 3), "one 2 three")).toEqual(bold("one 2 three", 0, 3));
  expect(reworded(bold("one two three", 8, 13), "one 2 three")).toEqual(bold("one 2 three", 6, 11));
  expect(reworded(bold("ab", 0, 2), "aXb")).toEqual(bold("aXb", 0, 3));
});

test("a mark whose words are gone goes, too", () => {
  expect(reworded(bold("one two  three", 4, 7), "one  three")).toEqual({ kind: "text", text: "one  three" });
  expect(reworded(bold("one", 0, 3), "")).toEqual({ kind: "text", text: "" });
});

test("doubled letters do not count twice", () => {
  expect(reworded(bold("aaa", 2, 3), "aa")).toEqual({ kind: "text", text: "aa" });
  expect(reworded({ kind: "text", text: "aa" }, "aaa")).toEqual({ kind: "text", text: "aaa" });
});
