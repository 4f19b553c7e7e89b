import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { whenPainted } from "./idle.ts";

let frame: (() => void) | null = null;
const run = vi.fn<() => void>();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", (callback: () => void) => ((frame = callback), 1));
  vi.stubGlobal("cancelAnimationFrame", () => (frame = null));
  run.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("what waits for the paint runs after the frame, once, and not within it", () => {
  whenPainted(run);
  vi.advanceTimersByTime(99);
  frame?.();
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(run).toHaveBeenCalledOnce();
});

test("a page that has no frames does not wait for one for ever", () => {
  whenPainted(run);
  vi.advanceTimersByTime(100);
  expect(run).toHaveBeenCalledOnce();
});

test("what was called off does not run, neither before the frame nor after it", () => {
  whenPainted(run)();
  const callOff = whenPainted(run);
  frame?.();
  callOff();
  vi.advanceTimersByTime(1_000);
  expect(run).not.toHaveBeenCalled();
});
