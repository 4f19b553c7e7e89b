import { expect, test } from "vitest";
import { dayBefore, dayOf, dayStart } from "./days.ts";

test("a day begins when the clocks of its zone say so, also where they change", () => {
  expect(dayStart("2026-11-21", "Asia/Tokyo")).toBe("2026-11-20T15:00:00.000Z");
  expect(dayStart("2026-11-30", "Asia/Tokyo", 1)).toBe("2026-11-30T15:00:00.000Z");
  expect(dayStart("2026-03-08", "America/New_York")).toBe("2026-03-08T05:00:00.000Z");
  expect(dayStart("2026-03-08", "America/New_York", 1)).toBe("2026-03-09T04:00:00.000Z");
  expect(dayStart("2026-11-01", "America/New_York", 1)).toBe("2026-11-02T05:00:00.000Z");
  expect(dayStart("yesterday", "UTC")).toBe("");
});

test("an instant's day is the one on the zone's calendar", () => {
  expect(dayOf("2026-11-20T15:00:00Z", "Asia/Tokyo")).toBe("2026-11-21");
  expect(dayOf("2026-11-20T15:00:00Z", "America/New_York")).toBe("2026-11-20");
  expect(dayOf("2026-03-01T00:00:00Z", "UTC", -1)).toBe("2026-02-28");
  expect(dayOf(dayStart(dayBefore(6, "Asia/Tokyo"), "Asia/Tokyo"), "Asia/Tokyo")).toBe(dayBefore(6, "Asia/Tokyo"));
});
