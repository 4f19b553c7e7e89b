import { expect, test } from "vitest";
import { hoursMinutes, mayWrite, replyWindow, urgency } from "./window.ts";

const day = 24 * 3_600_000_000_000;
const window = { for: day, count: 0 };
const now = new Date("2026-11-21T10:00:00.000Z");
const state = (standing: Parameters<typeof replyWindow>[0]) => replyWindow(standing, window, now)?.state;

test("a channel without a window has none", () => {
  expect(replyWindow({ window_until: "2026-11-22T10:00:00Z" }, null as never, now)).toBeUndefined();
  expect(replyWindow(undefined, undefined, now)).toBeUndefined();
});

test("it is open, closes within the hour, and at its end it is closed (C1.3)", () => {
  expect(state({ window_until: "2026-11-21T12:00:00Z" })).toBe("open");
  expect(state({ window_until: "2026-11-21T11:00:00Z" })).toBe("open");
  expect(state({ window_until: "2026-11-21T10:59:59Z" })).toBe("closing");
  expect(state({ window_until: "2026-11-21T10:00:00Z" })).toBe("closed");
  expect(state(undefined)).toBe("closed");
});

test("a person may go on where a machine may not (C1.9)", () => {
  expect(replyWindow({ window_until: "2026-11-21T09:00:00Z", human_until: "2026-11-27T09:00:00Z" }, window, now)).toEqual({ state: "human", until: "2026-11-27T09:00:00Z", left: undefined });
});

test("a counted window is over with its last message", () => {
  expect(replyWindow({ window_until: "2026-11-22T10:00:00Z", counted: true, window_left: 2 }, window, now)).toMatchObject({ state: "open", left: 2 });
  expect(replyWindow({ window_until: "2026-11-22T10:00:00Z", counted: true }, window, now)).toMatchObject({ state: "closed", left: 0 });
});

test("a template that nobody answered does not open it (C1.5)", () => {
  expect(state({ template_at: "2026-11-21T09:00:00Z" })).toBe("template_sent");
  expect((["open", "closing", "human", "template_sent", "closed"] as const).map(mayWrite)).toEqual([true, true, true, false, false]);
});

test("the countdown says hours and whole minutes, and how urgent it is (C2.3)", () => {
  expect([0, 59_999, 60_000, 3_599_999, 24 * 3_600_000].map(hoursMinutes)).toEqual(["0:00", "0:00", "0:01", "0:59", "24:00"]);
  expect([10 * 60_000 - 1, 10 * 60_000, 3_600_000 - 1, 3_600_000].map(urgency)).toEqual(["danger", "warn", "warn", "neutral"]);
});
