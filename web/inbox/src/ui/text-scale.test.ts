import { afterEach, expect, test } from "vitest";
import { textScale } from "./text-scale.ts";

const page = document.documentElement;
afterEach(() => page.style.removeProperty("font-size"));

test("rows grow with the letters, and never below their usual height", () => {
  const scales = ["16px", "32px", "12px"].map((size) => {
    page.style.fontSize = size;
    return textScale();
  });
  expect(scales).toEqual([1, 2, 1]);
});
