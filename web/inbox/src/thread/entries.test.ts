import { expect, test } from "vitest";
import type { Message } from "../api/types.ts";
import { byDay, entries, inSightFirst } from "./entries.ts";

const message = (seq: number, at: string, kind: Message["author"]["kind"] = "customer", id = 1): Message => ({
  id: seq, conversation_id: 1, ticket_id: 1, seq, author: { kind, id, name: "" }, parts: [], status: "", at, received_at: at, late: false, version: 1,
  ...(kind === "system" ? { system: { code: "woke" } } : {}),
});
const utcDay = (at: Date) => Math.floor(at.getTime() / 86_400_000);
const shape = (list: Message[], read: number | null) =>
  entries(list, read, utcDay).map((entry) => (entry.kind === "message" ? `${entry.message.seq}${entry.first ? "f" : ""}${entry.last ? "l" : ""}` : entry.kind === "system" ? `system${entry.messages.length}` : entry.kind));

test("days, groups within five minutes, system lines between", () => {
  const list = [message(1, "2026-11-20T10:00:00Z"), message(2, "2026-11-20T10:04:00Z"), message(3, "2026-11-20T10:10:00Z"), message(4, "2026-11-20T10:11:00Z", "system"), message(5, "2026-11-20T10:12:00Z"), message(6, "2026-11-21T10:12:00Z")];
  expect(shape(list, null)).toEqual(["day", "1f", "2l", "3fl", "system1", "5fl", "day", "6fl"]);
});

test("a group ends after five minutes, and where another speaks or speaks otherwise", () => {
  const list = [
    message(1, "2026-11-20T10:00:00.000Z"), message(2, "2026-11-20T10:04:59.999Z"), message(3, "2026-11-20T10:09:59.999Z"),
    message(4, "2026-11-20T10:10:00Z", "human", 8), message(5, "2026-11-20T10:10:10Z", "human", 9), message(6, "2026-11-20T10:10:20Z", "note", 9), message(7, "2026-11-20T10:10:30Z", "note", 9),
  ];
  expect(shape(list, null)).toEqual(["day", "1f", "2l", "3fl", "4fl", "5fl", "6f", "7l"]);
});

test("the unread line stands above the first unread customer message and parts a group", () => {
  const list = [message(1, "2026-11-20T10:00:00Z"), message(2, "2026-11-20T10:01:00Z"), message(3, "2026-11-20T10:01:30Z", "human", 9), message(4, "2026-11-20T10:02:00Z")];
  expect(shape(list, 1)).toEqual(["day", "1fl", "unread", "2fl", "3fl", "4fl"]);
});

test("what happened without anything said in between stands together, each day for itself", () => {
  const list = [message(1, "2026-11-20T10:00:00Z"), message(2, "2026-11-20T10:01:00Z", "system"), message(3, "2026-11-20T10:02:00Z", "system"), message(4, "2026-11-21T10:00:00Z", "system"), message(5, "2026-11-21T10:01:00Z"), message(6, "2026-11-21T10:02:00Z", "system")];
  expect(shape(list, null)).toEqual(["day", "1fl", "system2", "day", "system1", "5fl", "system1"]);
});

test("each day holds what was said on it, the unread line too", () => {
  const list = [message(1, "2026-11-20T10:00:00Z"), message(2, "2026-11-21T10:00:00Z"), message(3, "2026-11-21T10:01:00Z", "system"), message(4, "2026-11-22T10:00:00Z")];
  const days = byDay(entries(list, 1, utcDay));
  expect(days.map(({ at, shows }) => [at.slice(0, 10), ...shows.map(({ kind }) => kind)])).toEqual([["2026-11-20", "message"], ["2026-11-21", "unread", "message", "system"], ["2026-11-22", "message"]]);
  expect(byDay([])).toEqual([]);
});

test("what is drawn first are the last entries, or those around the unread line, and then more on either side", () => {
  const list = Array.from({ length: 9 }, (_, i) => message(i + 1, `2026-11-20T10:0${i}:00Z`));
  const [read, unread] = [entries(list, null, utcDay), entries(list, 4, utcDay)];
  const first = (all: typeof read, count: number, more?: number) => inSightFirst(all, count, more).map((entry) => (entry.kind === "message" ? entry.message.seq : entry.kind));
  expect(first(read, 3)).toEqual(["day", 7, 8, 9]);
  expect(first(read, 3, 2)).toEqual(["day", 5, 6, 7, 8, 9]);
  expect(first(read, 20)).toEqual(["day", 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(first(unread, 2)).toEqual(["day", 3, 4, "unread", 5, 6]);
  expect(first(unread, 2, 1)).toEqual(["day", 2, 3, 4, "unread", 5, 6, 7]);
  expect(first(unread, 8)).toEqual(["day", 3, 4, "unread", 5, 6, 7, 8, 9]);
  expect(first(unread, 2, Infinity)).toEqual(["day", 1, 2, 3, 4, "unread", 5, 6, 7, 8, 9]);
});
