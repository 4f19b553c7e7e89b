import { expect, test } from "vitest";
import type { Row } from "../api/types.ts";
import { listQuery } from "../list/query.ts";
import { aRow } from "../test/records.ts";
import { append, emptyList, place, type List } from "./lists.ts";

const me = 1;
const ready = (ids: number[], search = {}, next = ""): List => ({ ...emptyList(listQuery(search)), ids, next, state: "ready" });
const rows = (...all: Row[]) => new Map(all.map((row) => [row.id, row]));

test("a row with news moves to its place, once", () => {
  const moved = aRow(1, { last_activity_at: "2026-11-21T09:00:00.000Z" });
  const known = rows(aRow(3), aRow(2), moved);
  expect(place(ready([3, 2, 1]), moved, known, me).ids).toEqual([1, 3, 2]);
});

test("nothing changes hands when nothing moved", () => {
  const list = ready([3, 2, 1]);
  expect(place(list, aRow(2, { version: 2 }), rows(aRow(3), aRow(2), aRow(1)), me)).toBe(list);
});

test("what no longer belongs leaves, what begins to belong comes in", () => {
  const resolved = aRow(2, { ticket: { status: "resolved" } });
  expect(place(ready([3, 2, 1]), resolved, rows(aRow(3), resolved, aRow(1)), me).ids).toEqual([3, 1]);
  expect(place(ready([3, 1]), aRow(2), rows(aRow(3), aRow(2), aRow(1)), me).ids).toEqual([3, 2, 1]);
});

test("what belongs behind the loaded part waits for its page", () => {
  const old = aRow(0);
  const known = rows(aRow(3), aRow(2), old);
  expect(place(ready([3, 2], {}, "cursor"), old, known, me).ids).toEqual([3, 2]);
  expect(place(ready([3, 2], {}, ""), old, known, me).ids).toEqual([3, 2, 0]);
});

test("a page that overlaps what moved up doubles nothing", () => {
  expect(append(ready([5, 3], {}, "c"), [3, 2], "")).toMatchObject({ ids: [5, 3, 2], next: "" });
});

test("the longest waiting come first, those who do not wait last", () => {
  const early = aRow(1, { ticket: { wait_since: "2026-11-20T08:00:00.000Z" } });
  const late = aRow(2, { ticket: { wait_since: "2026-11-20T09:00:00.000Z" } });
  const known = rows(aRow(3), early, late);
  expect(place(ready([2, 3], { sort: "waiting" }), early, known, me).ids).toEqual([1, 2, 3]);
});
