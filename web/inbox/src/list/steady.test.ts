import { expect, test } from "vitest";
import { steady } from "./steady.ts";

const still = () => false;

test("new rows above wait and are counted", () => {
  expect(steady([1, 2, 3], [9, 1, 2, 3], new Set(), still)).toMatchObject({ ids: [1, 2, 3], fresh: 1 });
});

test("rows that moved up stay in place and are counted", () => {
  expect(steady([1, 2, 3], [3, 1, 2], new Set(), (id) => id === 3)).toMatchObject({ ids: [1, 2, 3], fresh: 1 });
});

test("a row that left keeps its place, unless the viewer sent it away", () => {
  expect(steady([1, 2, 3], [1, 3], new Set(), still)).toMatchObject({ ids: [1, 2, 3], gone: new Set([2]) });
  expect(steady([1, 2, 3], [1, 3], new Set([2]), still).ids).toEqual([1, 3]);
});

test("later pages are added at the end", () => {
  expect(steady([1, 2], [1, 2, 3, 4], new Set(), still)).toMatchObject({ ids: [1, 2, 3, 4], fresh: 0 });
});
