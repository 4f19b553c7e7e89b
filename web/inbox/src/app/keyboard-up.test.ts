import { expect, test } from "vitest";
import { covered, resized } from "./keyboard-up.ts";

const upright = { width: 390, height: 844, most: 844 };

test("a keyboard takes a good part of the height from who types", () => {
  const seen = resized(upright, 390, 500);
  expect(covered(seen, true)).toBe(true);
  expect(covered(seen, false)).toBe(false);
  expect(covered(resized(seen, 390, 844), true)).toBe(false);
});

test("a browser's bar and a turned phone are no keyboard", () => {
  expect(covered(resized(upright, 390, 780), true)).toBe(false);
  expect(covered(resized(upright, 844, 390), true)).toBe(false);
});
