import { expect, test } from "vitest";
import { formats } from "./format.ts";

const now = new Date("2026-11-21T05:00:00Z"); // Saturday, 14:00 in Tokyo
const before = (ms: number) => new Date(now.getTime() - ms);

test("short distances for list rows", () => {
  const ja = formats("ja", "Asia/Tokyo");
  expect(ja.ago(before(20_000), now)).toBe("今");
  expect(ja.ago(before(5 * 60_000), now)).toBe("5分前");
  expect(ja.ago(before(3 * 3_600_000), now)).toBe("11:00");
  expect(ja.ago(new Date("2026-11-20T01:00:00Z"), now)).toBe("昨日");
  expect(ja.ago(new Date("2026-11-18T01:00:00Z"), now)).toBe("水");
  expect(ja.ago(new Date("2026-10-01T01:00:00Z"), now)).toBe("10/1");
  expect(ja.ago(new Date("2025-10-01T01:00:00Z"), now)).toBe("2025/10/1");
  const en = formats("en", "Asia/Tokyo");
  expect(en.ago(before(5 * 60_000), now)).toBe("5m ago");
  expect(en.ago(new Date("2026-11-20T01:00:00Z"), now)).toBe("yesterday");
});

test("the zone decides what a day is", () => {
  const at = new Date("2026-11-20T20:00:00Z"); // already Saturday in Tokyo
  expect(formats("en", "Asia/Tokyo").daysBefore(at, now)).toBe(0);
  expect(formats("en", "UTC").daysBefore(at, now)).toBe(1);
});

test("an unknown zone falls back to the browser's", () => {
  expect(formats("en", "Mars/Olympus").time(now)).toMatch(/^\d\d:\d\d$/);
});

test("sizes, spans and clocks", () => {
  const en = formats("en", "UTC");
  expect([5, 900, 12_000].map(en.bytes)).toEqual(["0.1 kB", "0.9 kB", "12 kB"]);
  expect(en.bytes(3_400_000)).toBe("3.4 MB");
  expect(en.span(95 * 60_000)).toBe("1h");
  expect(formats("ja", "UTC").span(95 * 60_000)).toBe("1時間");
  expect(en.clock(65)).toBe("1:05");
});
