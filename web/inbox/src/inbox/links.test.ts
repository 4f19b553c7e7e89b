import { expect, test, vi } from "vitest";
import { ComposerLink } from "./links.ts";

test("a wish to write waits for the editor, not for ever", () => {
  vi.useFakeTimers();
  const link = new ComposerLink();
  const early = { focus: vi.fn(() => false), insertFiles: vi.fn() };
  const ready = { focus: vi.fn(() => true), insertFiles: vi.fn() };
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
