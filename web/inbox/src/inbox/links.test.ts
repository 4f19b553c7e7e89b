import { expect, test, vi } from "vitest";
import type { Mode } from "../api/types.ts";
import { ComposerLink, Shown } from "./links.ts";

test("a wish to write waits for the editor, not for ever", () => {
  vi.useFakeTimers();
  const link = new ComposerLink();
  const early = { focus: vi.fn<(mode: Mode) => boolean>(() => false), insertFiles: vi.fn<() => void>(), offerTemplates: vi.fn<() => void>(), answer: vi.fn<() => void>(), restore: vi.fn<() => void>() };
  const ready = { focus: vi.fn<(mode: Mode) => boolean>(() => true), insertFiles: vi.fn<() => void>(), offerTemplates: vi.fn<() => void>(), answer: vi.fn<() => void>(), restore: vi.fn<() => void>() };
  link.focus("note");
  link.connect(early);
  expect(early.focus).toHaveBeenCalledWith("note");
  link.connect(ready);
  expect(ready.focus).toHaveBeenCalledWith("note");
  link.connect(ready)();
  expect(ready.focus).toHaveBeenCalledTimes(1);

  link.focus("reply");
  vi.advanceTimersByTime(3001);
  link.connect(ready);
  expect(ready.focus).toHaveBeenCalledTimes(1);
  vi.useRealTimers();
});

test("the next row is the next in the list", () => {
  const shown = new Shown();
  shown.show([1, 2, 3]);
  expect([shown.beside(1, 1), shown.beside(2, -1), shown.beside(3, 1), shown.beside(1, -1)]).toEqual([2, 1, undefined, undefined]);
  expect(shown.beside(0, 1)).toBe(1); // none is open
});

test("a row that left the list by being read or answered has its neighbours still", () => {
  const shown = new Shown();
  shown.show([1, 2, 3, 4]);
  shown.show([1, 2, 4]);
  expect([shown.beside(3, 1), shown.beside(3, -1)]).toEqual([4, 2]);
  shown.show([9, 1, 2]); // its neighbour leaves, too, and somebody comes
  expect([shown.beside(3, 1), shown.beside(3, -1)]).toEqual([undefined, 2]);
});

test("in another list one begins at the top", () => {
  const shown = new Shown();
  shown.show([1, 2, 3]);
  shown.show([7, 8]);
  expect(shown.beside(2, 1)).toBe(7);
});
