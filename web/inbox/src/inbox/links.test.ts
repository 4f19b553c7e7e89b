import { expect, test, vi } from "vitest";
import type { Mode } from "../api/types.ts";
import { ComposerLink } from "./links.ts";

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
