import type { Entry, Message } from "@madoguchi/sdk";
import { expect, test } from "vitest";
import { linesOf } from "./lines.ts";

const entry = (seq: number, more: Partial<Message> = {}): Entry => ({
  key: `m${seq}`,
  delivery: more.mine ? "sent" : "",
  message: { id: seq, seq, ticket_id: 1, author: { kind: more.mine ? "customer" : "human", name: "a" }, mine: false, parts: [], status: "sent", at: `2026-11-21T03:00:${String(seq).padStart(2, "0")}.000Z`, version: 1, ...more },
});
const kinds = (entries: Entry[], readSeq = 0) =>
  linesOf(entries, readSeq).map((line) => (line.kind === "message" ? `${line.key}${line.first ? "<" : ""}${line.last ? ">" : ""}${line.tail ? "!" : ""}` : line.kind));

test("one sender's messages within five minutes are a group", () => {
  expect(kinds([entry(1), entry(2), entry(3, { mine: true }), entry(4, { at: "2026-11-21T03:06:00.000Z" })])).toEqual(["day", "m1<", "m2>", "m3<>!", "m4<>"]);
});

test("a bot and a person of the same name are two", () => {
  expect(kinds([entry(1, { author: { kind: "bot", name: "a" } }), entry(2)])).toEqual(["day", "m1<>", "m2<>"]);
});

test("the unread line stands above the first message to the customer after what was read, and only once", () => {
  expect(kinds([entry(1), entry(2, { mine: true }), entry(3), entry(4)], 1)).toEqual(["day", "m1<>", "m2<>!", "unread", "m3<", "m4>"]);
  expect(kinds([entry(1)], 0)).toEqual(["day", "m1<>"]);
  expect(kinds([entry(1)], 1)).toEqual(["day", "m1<>"]);
});

test("a new case and a new day have their lines; what is pending belongs to the case before", () => {
  expect(kinds([entry(1), entry(2, { ticket_id: 2 }), entry(3, { ticket_id: 0, mine: true }), entry(4, { ticket_id: 2, at: "2026-11-23T03:00:00.000Z" })])).toEqual(["day", "m1<>", "case", "m2<>", "m3<>!", "day", "m4<>"]);
});

test("system lines stand alone; the opening of a case is told by its divider", () => {
  const system = { author: { kind: "system" }, system: { code: "agent_joined" } } as const;
  expect(kinds([entry(1), entry(2, system), entry(3), entry(4, { ...system, system: { code: "ticket_opened" } })])).toEqual(["day", "m1<>", "system", "m3<>"]);
});
