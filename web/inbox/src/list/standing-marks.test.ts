import { expect, test } from "vitest";
import type { Row } from "../api/types.ts";
import { aRow } from "../test/records.ts";
import { told } from "./standing-marks.tsx";

const now = new Date("2026-11-21T10:00:00Z");
const window = { for: 1, count: 0 };
const of = (standing: Row["standing"], status: Row["ticket"]["status"] = "open") => told(aRow(1, { ...(standing ? { standing } : {}), ticket: { status } }), window, now);

test("a row is silent while there is time, then counts down, then says that it is over", () => {
  expect(of({ window_until: "2026-11-21T11:00:00Z" })).toBeNull();
  expect(of({ window_until: "2026-11-21T10:30:00Z" })).toEqual({ key: "row.window_closing", ms: 30 * 60_000 });
  expect(of({ window_until: "2026-11-21T10:00:00Z" })).toEqual({ key: "row.window_closed", ms: 0 });
  expect(of({ template_at: "2026-11-21T09:00:00Z" })).toEqual({ key: "row.window_closed", ms: 0 });
  expect(of(undefined)).toEqual({ key: "row.window_closed", ms: 0 });
});

test("the days that only members have count as time", () => {
  expect(of({ window_until: "2026-11-20T10:00:00Z", human_until: "2026-11-26T10:00:00Z" })).toBeNull();
  expect(of({ human_until: "2026-11-21T10:05:00Z" })).toEqual({ key: "row.window_closing", ms: 5 * 60_000 });
});

test("a finished case has no window, but who opted out or cannot be reached still shows", () => {
  expect(of({ window_until: "2026-11-21T10:30:00Z" }, "resolved")).toBeNull();
  expect(of({ opted_out_at: "2026-11-20T10:00:00Z", unreachable: "2026-11-20T10:00:00Z" }, "resolved")).toEqual({ key: "row.opted_out", ms: 0 });
  expect(of({ unreachable: "2026-11-20T10:00:00Z", window_until: "2026-11-22T10:00:00Z" })).toEqual({ key: "row.unreachable", ms: 0 });
});

test("a channel without a window has nothing to say", () => {
  expect(told(aRow(1), undefined, now)).toBeNull();
});
