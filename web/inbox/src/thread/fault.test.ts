import { expect, test } from "vitest";
import type { T } from "../i18n/index.tsx";
import { saidOf, wordsOf } from "./fault.ts";

const texts = { "fault.21610": "They opted out.", "fault.21610.fix": "Write another way.", "fault.other": "It was refused.", "fault.other.fix": "Try again." };

test("the channel's sentence for the code comes first", () => {
  expect(saidOf({ kind: "opt_out", code: "21610" }, texts)).toEqual({ sentence: "They opted out.", fix: "Write another way." });
});

test("then the desk's for the kind", () => {
  expect(saidOf({ kind: "window", code: "window_closed" }, texts)).toEqual({ kind: "window", code: "window_closed" });
  expect(saidOf({ kind: "fail", code: "expired" }, texts)).toEqual({ kind: "expired", code: "expired" });
  expect(saidOf({ kind: "fail", code: "reply_to_blocked" }, texts)).toEqual({ kind: "reply_to_blocked", code: "reply_to_blocked" });
});

test("then the channel's general one", () => {
  expect(saidOf({ kind: "fail", code: "999" }, texts)).toEqual({ sentence: "It was refused.", fix: "Try again." });
});

test("then the code alone", () => {
  expect(saidOf({ kind: "fail", code: "999" }, undefined)).toEqual({ kind: "fail", code: "999" });
  expect(saidOf({ kind: "a later kind", code: "" }, {})).toEqual({ kind: "fail", code: "" });
});

test("what expired tells what it waited for, and the remedy of a limit alone", () => {
  const t = ((key: string) => key) as T;
  const quota = { "fault.quota": "The month is used up.", "fault.quota.fix": "Change the plan.", "fault.rate": "Too many.", "fault.rate.fix": "Nothing to do." };
  const expired = (kind: string, code: string) => wordsOf(t, { kind: "fail", code: "expired", last: { kind, code } }, quota);
  expect(expired("cap", "quota")).toBe("failure.kind.expired The month is used up. Change the plan.");
  expect(expired("throttle", "rate")).toBe("failure.kind.expired Too many.");
  expect(expired("retry", "http_503")).toBe("failure.kind.expired failure.kind.retry");
  expect(wordsOf(t, { kind: "fail", code: "expired" }, quota)).toBe("failure.kind.expired");
  expect(wordsOf(t, { kind: "cap", code: "quota" }, quota)).toBe("The month is used up. Change the plan.");
});
