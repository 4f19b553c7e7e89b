import { expect, test } from "vitest";
import { aRow } from "../test/records.ts";
import { filterCount, listKey, listQuery, matches, orderOf, orders } from "./query.ts";

const me = 1;
const fits = (search: Parameters<typeof listQuery>[0], row: Parameters<typeof aRow>[1] = {}) => matches(listQuery(search), aRow(7, row), me);

test.each([
  ["mine", {}, true],
  ["mine", { ticket: { assignee_id: 2 } }, false],
  ["mine", { ticket: { status: "resolved" } }, false],
  ["unassigned", { ticket: { assignee_id: 0, status: "queued" } }, true],
  ["waiting", { ticket: { wait_since: "2026-11-21T00:00:00.000Z" } }, true],
  ["waiting", {}, false],
  ["replied", {}, true],
  ["snoozed", { ticket: { status: "snoozed" } }, true],
  ["resolved", { ticket: { status: "resolved" } }, true],
  ["failed", { failed: true }, true],
  ["failed", { failed: true, ticket: { status: "resolved" } }, false],
  ["blocked", { contact: { id: 3, name: "", blocked: true } }, true],
  ["blocked", {}, false],
] as const)("view %s, %j: %s", (view, row, belongs) => expect(fits({ view }, row)).toBe(belongs));

test("mentions are mine, whether the case is resolved or not, and stand behind what is not", () => {
  expect(fits({ view: "mentions" }, { mentioned_ids: [me], ticket: { status: "resolved" } })).toBe(true);
  expect(fits({ view: "mentions" }, { mentioned_ids: [2] })).toBe(false);
  const order = orderOf(listQuery({ view: "mentions" }));
  const done = aRow(1, { last_activity_at: "2026-11-21T09:00:00.000Z", ticket: { status: "resolved" } });
  const open = aRow(2, { last_activity_at: "2026-11-21T08:00:00.000Z" });
  expect([done, open].sort((a, b) => order(a, b, 0))).toEqual([open, done]);
});

test("filters: OR inside a kind, AND between kinds", () => {
  expect(fits({ tag: "1,2" }, { ticket: { tag_ids: [2] } })).toBe(true);
  expect(fits({ tag: "1,2", priority: "urgent" }, { ticket: { tag_ids: [2] } })).toBe(false);
  expect(fits({ view: "all", assignee: "0" }, { ticket: { assignee_id: 0 } })).toBe(true);
  expect(fits({ unread: "true" })).toBe(false);
  expect(fits({ language: "ja,en", contact: "existing" }, { language: "en", existing: true })).toBe(true);
  expect(fits({ contact: "new" }, { existing: true })).toBe(false);
  expect(fits({ attachment: "true" })).toBe(false);
});

test("the address's nonsense is ignored", () => {
  const query = listQuery({ view: "nowhere" as "mine", sort: "x" as "activity", channel: "a,,3" });
  expect([query.view, query.sort, query.channels]).toEqual(["mine", "activity", [3]]);
});

test("one list, one key; what is open does not matter", () => {
  expect(listKey(listQuery({ view: "all", c: "5" }))).toBe(listKey(listQuery({ view: "all", c: "9", m: "3" })));
  expect(filterCount(listQuery({ tag: "1,2", unread: "true", since: "2026-11-01", until: "2026-11-02" }))).toBe(3);
});

const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

test("the window's state, for channels that have one", () => {
  const states = [undefined, at(-1), at(0.5), at(2)].map((until) => ["open", "closing", "closed"].filter((window) => fits({ window }, until ? { reply_until: until } : {})));
  expect(states).toEqual([[], ["closed"], ["closing"], ["open"]]);
});

test("by window: the next to close, then the closed, the last closed first, then what has none (C2.3)", () => {
  const rows = [undefined, at(-2), at(5), at(-1), at(0.2)].map((until, id) => aRow(id, until ? { reply_until: until } : {}));
  expect(rows.toSorted((a, b) => orders.window(a, b, Date.now())).map(({ id }) => id)).toEqual([4, 2, 3, 1, 0]);
});

test("what an order says nothing about stands as the server's indexes have it, so that live news moves no row past another", () => {
  const same = { last_activity_at: "2026-11-22T08:51:40.000Z" };
  const order = (sort: keyof typeof orders, row: Parameters<typeof aRow>[1]) => [3, 1, 2].map((id) => aRow(id, row)).toSorted((a, b) => orders[sort](a, b, Date.now())).map(({ id }) => id);
  const waits = { ...same, ticket: { wait_since: "2026-11-22T08:51:40.000Z" } };
  for (const sort of ["activity", "waiting", "priority", "window", "sla"] as const) expect({ [sort]: order(sort, same) }).toEqual({ [sort]: [1, 2, 3] });
  for (const sort of ["waiting", "priority"] as const) expect({ [sort]: order(sort, waits) }).toEqual({ [sort]: [1, 2, 3] });
  const [next, past] = [at(1), at(-1)];
  expect(order("window", { ...same, reply_until: next })).toEqual([1, 2, 3]);
  expect(order("window", { ...same, reply_until: past })).toEqual([3, 2, 1]);

  // Equal waits and deadlines go by id, whoever wrote last.
  const late = (sort: keyof typeof orders, row: Parameters<typeof aRow>[1]) => [aRow(2, { ...row, last_activity_at: "2026-11-22T09:00:00.000Z" }), aRow(1, { ...row, ...same })].toSorted((a, b) => orders[sort](a, b, Date.now())).map(({ id }) => id);
  expect(late("waiting", waits)).toEqual([1, 2]);
  expect(late("sla", { ticket: { sla_due: next } })).toEqual([1, 2]);
  expect(late("window", { reply_until: next })).toEqual([1, 2]);
});
