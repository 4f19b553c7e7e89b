import { expect, test } from "vitest";
import type { Row } from "../api/types.ts";
import { aRow } from "../test/records.ts";
import { told } from "./standing-marks.tsx";

const now = new Date("2026-11-21T10:00:00Z");
const of = (more: Pick<Row, "reply_until" | "standing">, status: Row["ticket"]["status"] = "open") => told(aRow(1, { ...more, ticket: { status } }), now);

test("a row is silent while there is time, then counts down, then says that it is over", () => {
  expect(of({ reply_until: "2026-11-21T11:00:00Z" })).toBeNull();
  expect(of({ reply_until: "2026-11-21T10:30:00Z" })).toEqual({ key: "row.window_closing", ms: 30 * 60_000 });
  expect(of({ reply_until: "2026-11-21T10:00:00Z" })).toEqual({ key: "row.window_closed", ms: 0 });
});

test("a finished case has no window, but who opted out or cannot be reached still shows", () => {
  expect(of({ reply_until: "2026-11-21T10:30:00Z" }, "resolved")).toBeNull();
  expect(of({ standing: { opted_out_at: "2026-11-20T10:00:00Z", unreachable: "2026-11-20T10:00:00Z" } }, "resolved")).toEqual({ key: "row.opted_out", ms: 0 });
  expect(of({ standing: { unreachable: "2026-11-20T10:00:00Z" }, reply_until: "2026-11-22T10:00:00Z" })).toEqual({ key: "row.unreachable", ms: 0 });
});

test("a channel without a window has nothing to say", () => {
  expect(of({})).toBeNull();
});
