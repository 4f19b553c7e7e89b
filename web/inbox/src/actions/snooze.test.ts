import { expect, test } from "vitest";
import { snoozePresets } from "./snooze.ts";

const offered = (now: string, zone: string) => snoozePresets(new Date(now), zone).map(({ id, wall }) => `${id} ${wall}`);

test("on a Saturday afternoon", () => {
  expect(offered("2026-11-21T05:30:00Z", "Asia/Tokyo")).toEqual([
    "hour 2026-11-21T15:30", "hours 2026-11-21T17:30", "evening 2026-11-21T17:00", "tomorrow 2026-11-22T09:00", "monday 2026-11-23T09:00", "week 2026-11-28T09:00",
  ]);
});

test("late on a Sunday: no evening any more, and Monday is tomorrow", () => {
  expect(offered("2026-11-22T11:00:00Z", "Asia/Tokyo").map((line) => line.split(" ")[0])).toEqual(["hour", "hours", "tomorrow", "week"]);
});

test("the day is that of the viewer's zone, and so is the morning, also when the clocks change", () => {
  expect(offered("2026-10-31T23:30:00Z", "Asia/Tokyo")).toContain("tomorrow 2026-11-02T09:00");
  const there = snoozePresets(new Date("2026-10-31T23:30:00Z"), "America/New_York").find(({ id }) => id === "tomorrow");
  expect([there?.wall, there?.until.toISOString()]).toEqual(["2026-11-01T09:00", "2026-11-01T14:00:00.000Z"]);
});
