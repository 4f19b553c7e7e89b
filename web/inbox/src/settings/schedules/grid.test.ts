import { expect, test } from "vitest";
import { drawn, moved, snap, spans } from "./grid.ts";

const lunch = [{ start: "09:00", end: "12:00" }, { start: "13:00", end: "18:00" }];
const night = [{ start: "22:00", end: "02:00" }];

test("quarters of an hour, within the day and the night after it", () => {
  expect(snap(9 * 60 + 8)).toBe(9 * 60 + 15);
  expect(snap(-20)).toBe(0);
  expect(snap(99_999)).toBe(1800);
});

test("hours over midnight are one piece; what cannot be read is not drawn", () => {
  expect(spans(night)).toEqual([{ start: 1320, end: 1560, at: 0 }]);
  expect(spans([{ start: "", end: "" }, { start: "9", end: "12" }])).toEqual([{ start: 540, end: 720, at: 1 }]);
});

test("an end is moved to its neighbour and not beyond, and never before the start", () => {
  expect(moved(lunch, 0, "end", 30)[0]).toEqual({ start: "09:00", end: "12:30" });
  expect(moved(lunch, 0, "end", 300)[0]).toEqual({ start: "09:00", end: "13:00" });
  expect(moved(lunch, 1, "end", -600)[1]).toEqual({ start: "13:00", end: "13:15" });
  expect(moved(lunch, 1, "start", -600)[1]).toEqual({ start: "12:00", end: "18:00" });
  expect(moved(lunch, 1, "end", 9 * 60)[1]).toEqual({ start: "13:00", end: "03:00" });
});

test("a whole span keeps its length", () => {
  expect(moved(lunch, 0, "whole", 600)[0]).toEqual({ start: "10:00", end: "13:00" });
  expect(moved(lunch, 0, "whole", -999)[0]).toEqual({ start: "00:00", end: "03:00" });
  expect(moved(night, 0, "whole", 999)[0]).toEqual({ start: "23:45", end: "03:45" });
});

test("hours are drawn into free room only", () => {
  expect(drawn(lunch, 19 * 60 + 2, 21 * 60)).toEqual([...lunch, { start: "19:00", end: "21:00" }]);
  expect(drawn(lunch, 21 * 60, 19 * 60)).toEqual([...lunch, { start: "19:00", end: "21:00" }]);
  expect(drawn(lunch, 12 * 60, 15 * 60)).toEqual([...lunch, { start: "12:00", end: "13:00" }]);
  expect(drawn(lunch, 10 * 60, 11 * 60)).toBeNull();
  expect(drawn([], 23 * 60, 26 * 60)).toEqual([{ start: "23:00", end: "02:00" }]);
});
