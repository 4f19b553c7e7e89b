import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Part } from "../api/types.ts";
import { Drafts } from "./drafts.ts";

type Save = ConstructorParameters<typeof Drafts>[2];

const part = (text: string): Part => ({ kind: "text", text });

function place() {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value), removeItem: (key: string) => void kept.delete(key) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("is kept here at once and on the server within two seconds, once for many keys", async () => {
  const save = vi.fn<Save>(async () => {});
  const drafts = new Drafts(place(), "1", save);
  drafts.write(5, "reply", [part("こ")]);
  drafts.write(5, "reply", [part("こん")]);
  expect(drafts.read(5, "reply")?.parts).toEqual([part("こん")]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(save.mock.calls).toEqual([[5, "reply", [part("こん")], false]]);
  expect(drafts.read(5, "reply")?.saved).toBe(true);
});

test("modes and conversations are separate", () => {
  const drafts = new Drafts(place(), "1", async () => {});
  drafts.write(5, "reply", [part("a")]);
  drafts.write(5, "note", [part("b")]);
  expect([drafts.read(5, "reply")?.parts, drafts.read(5, "note")?.parts, drafts.read(6, "reply")]).toEqual([[part("a")], [part("b")], undefined]);
});

test("the server's draft wins unless ours has not been saved", async () => {
  const drafts = new Drafts(place(), "1", async () => {});
  expect(drafts.adopt(5, "reply", [part("elsewhere")])).toEqual([part("elsewhere")]);
  drafts.write(5, "reply", [part("newer")]);
  expect(drafts.adopt(5, "reply", [part("older")])).toEqual([part("newer")]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(drafts.adopt(5, "reply", [part("from my phone")])).toEqual([part("from my phone")]);
});

test("a failed save is tried again", async () => {
  const save = vi.fn<Save>().mockRejectedValueOnce(new Error("down")).mockResolvedValue(undefined);
  const drafts = new Drafts(place(), "1", save);
  drafts.write(5, "reply", [part("a")]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(save).toHaveBeenCalledTimes(2);
  expect(drafts.read(5, "reply")?.saved).toBe(true);
});

test("leaving the page saves what waits", () => {
  const save = vi.fn<Save>(async () => {});
  const drafts = new Drafts(place(), "1", save);
  drafts.write(5, "note", [part("a")]);
  drafts.flush();
  expect(save).toHaveBeenCalledWith(5, "note", [part("a")], true);
});
