import { expect, test } from "vitest";
import { clashes, clock, faults, minutes, openMinutes, proposal, special, tidy, typed, week } from "./hours.ts";

const none = [[], [], [], [], [], [], []];
const on = (day: number, ...hours: { start: string; end: string }[]) => none.map((_, i) => (i === day ? hours : []));

test.each([
  ["9", 540],
  ["9:30", 570],
  ["930", 570],
  ["0930", 570],
  ["９：００", 540],
  ["18時", 1080],
  ["18時半", 1110],
  ["18時15分", 1095],
  ["24:00", 1440],
  ["0:00", 0],
  ["", null],
  ["24:30", null],
  ["9:75", null],
  ["soon", null],
  ["12345", null],
])("reads %s", (text, want) => expect(minutes(text)).toBe(want));

test("writes times the usual way and leaves the rest alone", () => {
  expect(tidy("9")).toBe("09:00");
  expect(tidy("noon")).toBe("noon");
  expect(clock(1440)).toBe("24:00");
});

test("finds what is wrong, row by row", () => {
  expect(faults([{ start: "9", end: "12" }, { start: "11:00", end: "18" }], true)).toEqual([null, "overlap"]);
  expect(faults([{ start: "9", end: "x" }], true)).toEqual(["unreadable"]);
  expect(faults([{ start: "9", end: "9" }], true)).toEqual(["empty"]);
  expect(faults([{ start: "22", end: "2" }], true)).toEqual([null]);
  expect(faults([{ start: "22", end: "2" }], false)).toEqual(["empty"]);
  expect(faults([{ start: "9", end: "12" }, { start: "12", end: "18" }], true)).toEqual([null, null]);
});

test("hours over midnight are stored as two and shown as one", () => {
  const friday = on(5, { start: "22:00", end: "02:00" });
  const stored = week(friday);
  expect(stored[5]).toEqual([{ start: 1320, end: 1440 }]);
  expect(stored[6]).toEqual([{ start: 0, end: 120 }]);
  expect(typed(stored)).toEqual(friday);
  const saturday = on(6, { start: "22:00", end: "02:00" });
  expect(week(saturday)[0]).toEqual([{ start: 0, end: 120 }]);
  expect(typed(week(saturday))).toEqual(saturday);
  expect(week(on(1, { start: "18:00", end: "0:00" }))[1]).toEqual([{ start: 1080, end: 1440 }]);
});

test("a desk that never closes stays seven whole days", () => {
  const always = none.map(() => [{ start: "00:00", end: "24:00" }]);
  expect(week(always)).toEqual(none.map(() => [{ start: 0, end: 1440 }]));
  expect(typed(week(always))).toEqual(always);
  expect(openMinutes(week(always))).toBe(7 * 1440);
});

test("intervals are sorted and touching ones joined", () => {
  expect(special([{ start: "13", end: "18" }, { start: "9", end: "12" }, { start: "12", end: "13" }])).toEqual([{ start: 540, end: 1080 }]);
});

test("a night that runs into the next day's hours is noticed", () => {
  const days = none.map((_, i) => (i === 5 ? [{ start: "22", end: "10" }] : i === 6 ? [{ start: "9", end: "12" }] : []));
  expect(clashes(days)[5]).toBe(true);
  expect(clashes(on(5, { start: "22", end: "2" }))[5]).toBe(false);
});

test("proposes the next interval", () => {
  expect(proposal([])).toEqual({ start: "09:00", end: "18:00" });
  expect(proposal([{ start: "9", end: "12" }])).toEqual({ start: "13:00", end: "18:00" });
  expect(proposal([{ start: "9", end: "23" }])).toEqual({ start: "", end: "" });
});
