import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "../api/problem.ts";
import type { Part } from "../api/types.ts";
import { signedIn } from "../test/storage.ts";
import { Drafts } from "./drafts.ts";
import { joined } from "./joined.ts";

type Save = ConstructorParameters<typeof Drafts>[2];

const part = (text: string): Part => ({ kind: "text", text });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("is kept here at once and on the server within two seconds, once for many keys", async () => {
  const save = vi.fn<Save>(async () => {});
  const drafts = new Drafts(signedIn("1"), "1", save);
  drafts.write(5, "reply", [part("こ")]);
  drafts.write(5, "reply", [part("こん")]);
  expect(drafts.read(5, "reply")?.parts).toEqual([part("こん")]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(save.mock.calls).toEqual([[5, "reply", { parts: [part("こん")], answers: 0 }, false]]);
  expect(drafts.read(5, "reply")?.saved).toBe(true);
});

test("modes and conversations are separate", () => {
  const drafts = new Drafts(signedIn("1"), "1", async () => {});
  drafts.write(5, "reply", [part("a")]);
  drafts.write(5, "note", [part("b")]);
  expect([drafts.read(5, "reply")?.parts, drafts.read(5, "note")?.parts, drafts.read(6, "reply")]).toEqual([[part("a")], [part("b")], undefined]);
});

test("a conversation begins where its only draft is", () => {
  const drafts = new Drafts(signedIn("1"), "1", async () => {});
  expect(drafts.modeOf(5)).toBe("reply");
  drafts.write(5, "note", [part("b")]);
  expect([drafts.modeOf(5), drafts.modeOf(6)]).toEqual(["note", "reply"]);
  drafts.write(5, "reply", [part("a")]);
  expect(drafts.modeOf(5)).toBe("reply");
});

test("the server's draft wins unless ours has not been saved", async () => {
  const drafts = new Drafts(signedIn("1"), "1", async () => {});
  expect(drafts.adopt(5, "reply", { parts: [part("elsewhere")], answers: 0 }).parts).toEqual([part("elsewhere")]);
  drafts.write(5, "reply", [part("newer")]);
  expect(drafts.adopt(5, "reply", { parts: [part("older")], answers: 0 }).parts).toEqual([part("newer")]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(drafts.adopt(5, "reply", { parts: [part("from my phone")], answers: 0 }).parts).toEqual([part("from my phone")]);
});

test("what did not go out is put before what is written where it belongs, unless the server's draft has it", async () => {
  const drafts = new Drafts(signedIn("1"), "1", async () => {});
  drafts.putBack(5, { parts: [part("known")], answers: 3 }, true);
  expect(drafts.read(5, "reply")).toBeUndefined(); // it comes with the server's draft
  drafts.write(5, "reply", []); // sent a moment ago: the server would be told that nothing is written
  drafts.putBack(5, { parts: [part("known")], answers: 3 }, true);
  expect(drafts.read(5, "reply")).toEqual({ parts: [part("known")], answers: 3, saved: false });
  await vi.advanceTimersByTimeAsync(2_000);
  drafts.putBack(5, { parts: [part("refused")], answers: 0 }, false);
  expect(drafts.read(5, "reply")).toEqual({ parts: [part("refused\nknown")], answers: 3, saved: false });
  expect(drafts.has(6, "reply")).toBe(false);
});

test("a failed save is tried again", async () => {
  const save = vi.fn<Save>().mockRejectedValueOnce(new Error("down")).mockResolvedValue(undefined);
  const drafts = new Drafts(signedIn("1"), "1", save);
  drafts.write(5, "reply", [part("a")]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(save).toHaveBeenCalledTimes(2);
  expect(drafts.read(5, "reply")?.saved).toBe(true);
});

test("a save that the server refuses is not tried for ever", async () => {
  const save = vi.fn<Save>().mockRejectedValue(new Problem({ status: 404, code: "not_found" }));
  const drafts = new Drafts(signedIn("1"), "1", save);
  drafts.write(5, "reply", [part("a")]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(save).toHaveBeenCalledTimes(1);
  expect(drafts.read(5, "reply")?.parts).toEqual([part("a")]);
});

test("what a page before this one could not see saved goes to the server, unless it has another text by now", async () => {
  const shelf = signedIn("1");
  const before = new Drafts(shelf, "1", () => new Promise(() => {})); // the page goes before an answer comes
  for (const [conversation, text] of [[5, "lost"], [6, "arrived"], [7, "older"], [8, "gone"]] as const) before.write(conversation, "reply", [part(text)]);
  before.write(9, "note", []);
  await vi.advanceTimersByTimeAsync(2_000);
  new Drafts(shelf, "2", async () => {}).write(5, "reply", [part("somebody else's")]);

  const save = vi.fn<Save>(async () => {});
  const drafts = new Drafts(shelf, "1", save);
  const there: Record<number, string> = { 6: "arrived", 7: "from my phone" };
  const drafted: number[] = [];
  const load = async (id: number) => {
    if (id === 8) throw new Problem({ status: 404, code: "not_found" });
    return there[id] ? { parts: [part(there[id])], answers: 0 } : undefined;
  };
  await drafts.resume(load, (id) => drafted.push(id));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(save.mock.calls).toEqual([[5, "reply", { parts: [part("lost")], answers: 0 }, false]]);
  expect([5, 6, 7, 8].map((id) => drafts.read(id, "reply")?.saved)).toEqual([true, true, false, false]);
  expect(drafts.read(9, "note")).toBeUndefined();
  expect(drafted.toSorted()).toEqual([5, 6, 7]);
});

test("leaving the page saves what waits", () => {
  const save = vi.fn<Save>(async () => {});
  const drafts = new Drafts(signedIn("1"), "1", save);
  drafts.write(5, "note", [part("a")]);
  drafts.flush();
  expect(save).toHaveBeenCalledWith(5, "note", { parts: [part("a")], answers: 0 }, true);
});

test("what the reply answers is part of the draft", async () => {
  const save = vi.fn<Save>(async () => {});
  const drafts = new Drafts(signedIn("1"), "1", save);
  drafts.write(5, "reply", [part("a")], 7);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(save).toHaveBeenLastCalledWith(5, "reply", { parts: [part("a")], answers: 7 }, false);
  drafts.write(5, "reply", [part("a")], 0); // only the quote was taken away
  await vi.advanceTimersByTimeAsync(2_000);
  expect(save).toHaveBeenLastCalledWith(5, "reply", { parts: [part("a")], answers: 0 }, false);
  expect(drafts.adopt(5, "reply", { parts: [part("a")], answers: 8 }).answers).toBe(8);
});

test("a draft kept by an older page answers nothing", () => {
  const shelf = signedIn("1");
  shelf.setItem("madoguchi.draft.1.5.reply", JSON.stringify({ parts: [part("a")], saved: true }));
  expect(new Drafts(shelf, "1", async () => {}).read(5, "reply")?.answers).toBe(0);
});

test("what comes back stands before what was written since, its marks and files with it", () => {
  const file: Part = { kind: "file", attachment_id: 7 };
  const bold = (start: number, end: number) => ({ kind: "bold" as const, start, end });
  expect(joined([{ ...part("あ😀"), marks: [bold(0, 1)] }, file], [{ ...part("い"), marks: [bold(0, 1)] }])).toEqual([{ ...part("あ😀\nい"), marks: [bold(0, 1), bold(4, 5)] }, file]);
  expect(joined([file], [part("い")])).toEqual([file, part("い")]);
  expect(joined([part("あ")], [])).toEqual([part("あ")]);
});

test("a draft that was not saved before its writer signed out becomes nobody else's", async () => {
  const save = vi.fn<Save>().mockRejectedValueOnce(new Error("down")).mockResolvedValue(undefined);
  const browser = signedIn("1");
  const drafts = new Drafts(browser, "1", save);
  drafts.write(5, "reply", [part("a")]);
  await vi.advanceTimersByTimeAsync(2_000);
  browser.setItem("madoguchi.member", "2");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(save).toHaveBeenCalledTimes(1);
  browser.setItem("madoguchi.member", "1");
  new Drafts(browser, "1", save).adopt(5, "reply", undefined);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(save).toHaveBeenCalledTimes(2);
});
