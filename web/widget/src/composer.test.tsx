import { expect, test } from "vitest";
import { sends } from "./composer.tsx";

const key = (more: Partial<KeyboardEvent>) => sends({ key: "Enter", shiftKey: false, isComposing: false, keyCode: 13, ...more });

test("Enter sends, unless it breaks the line or takes a conversion", () => {
  expect(key({})).toBe(true);
  expect(key({ shiftKey: true })).toBe(false);
  expect(key({ isComposing: true })).toBe(false);
  expect(key({ keyCode: 229 })).toBe(false);
  expect(key({ key: "a" })).toBe(false);
});
