import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { lookedAt } from "./looked-at.ts";

const read = vi.fn<() => void>();
let end = () => {};

function eyes(focus: boolean, visible = true): void {
  vi.spyOn(document, "hasFocus").mockReturnValue(focus);
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(visible ? "visible" : "hidden");
  window.dispatchEvent(new Event(focus ? "focus" : "blur"));
  document.dispatchEvent(new Event("visibilitychange"));
}

beforeEach(() => {
  vi.useFakeTimers();
  read.mockReset();
});
afterEach(() => {
  end();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("it is read after one whole second, not before", () => {
  eyes(true);
  end = lookedAt(read);
  vi.advanceTimersByTime(999);
  expect(read).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(read).toHaveBeenCalledTimes(1);
});

test("nothing is read in a window that somebody else's lies over, or a hidden one", () => {
  eyes(false);
  end = lookedAt(read);
  vi.advanceTimersByTime(5_000);
  eyes(true, false);
  vi.advanceTimersByTime(5_000);
  expect(read).not.toHaveBeenCalled();
});

test("who looks away before the second is over begins anew", () => {
  eyes(true);
  end = lookedAt(read);
  vi.advanceTimersByTime(900);
  eyes(false);
  vi.advanceTimersByTime(500);
  eyes(true);
  vi.advanceTimersByTime(999);
  expect(read).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(read).toHaveBeenCalledTimes(1);
});

test("a thread that was left is not read any more", () => {
  eyes(true);
  lookedAt(read)();
  vi.advanceTimersByTime(5_000);
  eyes(true);
  vi.advanceTimersByTime(5_000);
  expect(read).not.toHaveBeenCalled();
});
