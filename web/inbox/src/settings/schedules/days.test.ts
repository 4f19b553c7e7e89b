import { expect, test } from "vitest";
import { dateName, dayName, runs } from "./days.ts";

const nine = [{ start: 540, end: 1080 }];

test("days with the same hours are told together, Monday first", () => {
  expect(runs([[], nine, nine, nine, nine, nine, []])).toEqual([
    { from: 1, to: 5, hours: "09:00–18:00" },
    { from: 6, to: 0, hours: "" },
  ]);
  expect(runs([nine, nine, nine, nine, nine, nine, nine])).toEqual([{ from: 1, to: 0, hours: "09:00–18:00" }]);
});

test("days and dates as people write them, whatever the browser's zone", () => {
  expect(dayName(0, "ja")).toBe("日曜日");
  expect(dayName(1, "en")).toBe("Monday");
  expect(dateName("2026-11-23", "ja")).toBe("2026/11/23(月)");
  expect(dateName("2026-11-23", "en")).toBe("Nov 23, 2026 (Mon)");
});
