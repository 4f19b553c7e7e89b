import { expect, test } from "vitest";
import { localValue, snoozePresets } from "./snooze.ts";

const offered = (now: Date) => snoozePresets(now).map(({ id, until }) => `${id} ${localValue(until)}`);

test("on a Saturday afternoon", () => {
  expect(offered(new Date(2026, 10, 21, 14, 30))).toEqual([
    "hour 2026-11-21T15:30", "hours 2026-11-21T17:30", "evening 2026-11-21T17:00", "tomorrow 2026-11-22T09:00", "monday 2026-11-23T09:00", "week 2026-11-28T09:00",
  ]);
});

test("late on a Sunday: no evening any more, and Monday is tomorrow", () => {
  expect(offered(new Date(2026, 10, 22, 20, 0)).map((line) => line.split(" ")[0])).toEqual(["hour", "hours", "tomorrow", "week"]);
});
