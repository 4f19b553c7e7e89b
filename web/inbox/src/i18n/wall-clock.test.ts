import { expect, test } from "vitest";
import { instantAt, wallClock } from "./wall-clock.ts";

test.each([
  ["Asia/Tokyo", "2026-11-22T00:00:00.000Z", "2026-11-22T09:00"],
  ["America/New_York", "2026-11-22T14:00:00.000Z", "2026-11-22T09:00"],
  ["America/New_York", "2026-07-01T13:00:00.000Z", "2026-07-01T09:00"], // summer time
  ["Asia/Kolkata", "2026-01-01T18:30:00.000Z", "2026-01-02T00:00"],
])("in %s", (zone, instant, wall) => {
  expect(wallClock(new Date(instant), zone)).toBe(wall);
  expect(instantAt(wall, zone).toISOString()).toBe(instant);
});

test("what is no time is none", () => expect(instantAt("", "UTC").getTime()).toBeNaN());

test("an hour that the clock leaves out is an hour beside it", () => {
  expect(["2026-03-08T06:30:00.000Z", "2026-03-08T07:30:00.000Z"]).toContain(instantAt("2026-03-08T02:30", "America/New_York").toISOString());
});
