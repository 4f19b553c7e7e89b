import { expect, test, vi } from "vitest";
import { listQuery, listKey } from "../list/query.ts";
import { aMessage, aRow } from "../test/records.ts";
import { Desk } from "./desk.ts";
import { beginning, emptyThread, ending, merge, readWithin } from "./threads.ts";

const answer = (body: unknown) => new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } });

function serve(answers: Record<string, () => unknown>) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    const path = Object.keys(answers).find((prefix) => address.startsWith(`/api/v1${prefix}`));
    if (!path) throw new TypeError("no network");
    return answer(answers[path]?.());
  });
  return asked;
}

test("patches end in the newest state whatever their order", () => {
  const desk = new Desk(1);
  const newer = aRow(1, { version: 3, unread: 2 });
  desk.apply({ type: "patch", seq: 2, kind: "x", conversation: newer });
  desk.apply({ type: "patch", seq: 1, kind: "x", conversation: aRow(1, { version: 2, unread: 1 }) });
  expect(desk.row(1)).toBe(newer);
});

test("a loaded list follows patches; a loaded thread takes messages once", async () => {
  serve({ "/conversations?": () => ({ items: [aRow(2), aRow(1)], next: "" }), "/conversations/1/messages": () => ({ items: [aMessage(1), aMessage(2)], more: false }) });
  const desk = new Desk(1);
  const query = listQuery({ view: "mine" });
  await desk.openList(query);
  await desk.threads.open(1);
  const message = aMessage(3);
  const conversation = aRow(1, { version: 2, last_seq: 3, last_activity_at: "2026-11-21T05:00:00.000Z" });
  desk.apply({ type: "patch", seq: 9, kind: "message.created", message, conversation });
  desk.apply({ type: "patch", seq: 9, kind: "message.created", message, conversation });
  expect(desk.list(listKey(query))?.ids).toEqual([1, 2]);
  expect(desk.threads.of(1)?.items.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test("what happens while a list or a thread is being read is not lost to an older answer", async () => {
  const query = listQuery({ view: "mine" });
  const desk = new Desk(1);
  const later = "2026-11-21T05:00:00.000Z";
  const happens = () => {
    desk.apply({ type: "patch", seq: 1, kind: "ticket.changed", conversation: aRow(2, { version: 2, last_activity_at: later }) });
    desk.apply({ type: "patch", seq: 2, kind: "conversation.deleted", subject_id: 3 });
    desk.apply({ type: "patch", seq: 3, kind: "message.created", message: aMessage(9) });
  };
  serve({
    "/conversations?": () => (happens(), { items: [aRow(3), aRow(1)], next: "" }),
    "/conversations/1/messages": () => (happens(), { items: [aMessage(7), aMessage(8)], more: true }),
  });
  for (const read of [() => desk.openList(query), () => desk.reread()]) { // the first time, and again
    desk.watch(`list:${listKey(query)}`, () => {});
    await read();
    expect(desk.list(listKey(query))?.ids).toEqual([2, 1]);
  }
  await desk.threads.open(1);
  expect(desk.threads.of(1)?.items.map(({ seq }) => seq)).toEqual([7, 8, 9]);
});

test("a late message stands where it belongs in time, and a newer version replaces an older", async () => {
  serve({ "/conversations/1/messages": () => ({ items: [aMessage(1), aMessage(5)], more: false }) });
  const desk = new Desk(1);
  await desk.threads.open(1);
  desk.threads.put(aMessage(6, { at: "2026-11-21T00:00:03.000Z", late: true }));
  desk.threads.put(aMessage(5, { version: 4, status: "read" }));
  desk.threads.put(aMessage(5, { version: 3, status: "sent" }));
  expect(desk.threads.of(1)?.items.map(({ seq, status }) => `${seq}${status}`)).toEqual(["1", "6", "5read"]);
});

test("what was foreseen is put back after a refusal, but never over newer news", () => {
  const desk = new Desk(1);
  desk.putRow(aRow(1, { version: 5 }));
  const back = desk.foresee(1, (row) => ({ ...row, draft: true }));
  expect(desk.row(1)?.draft).toBe(true);
  back();
  expect(desk.row(1)?.draft).toBe(false);
  const again = desk.foresee(1, (row) => ({ ...row, draft: true }));
  desk.putRow(aRow(1, { version: 6, unread: 9 }));
  again();
  expect(desk.row(1)).toMatchObject({ version: 6, unread: 9 });
});

test("after a reset only what is watched is read again, the rest is forgotten", async () => {
  const asked = serve({ "/conversations?": () => ({ items: [aRow(1)], next: "" }) });
  const desk = new Desk(1);
  const [mine, all] = [listQuery({ view: "mine" }), listQuery({ view: "all" })];
  await desk.openList(mine);
  await desk.openList(all);
  desk.watch(`list:${listKey(mine)}`, () => {});
  asked.length = 0;
  await desk.reread();
  expect(asked).toHaveLength(1);
  expect(asked[0]).toContain("view=mine");
  expect(desk.list(listKey(all))).toBeUndefined();
});

test("watchers hear once for many changes", () => {
  const desk = new Desk(1);
  const heard = vi.fn<() => void>();
  desk.watch("row:1", heard);
  desk.putRow(aRow(1));
  desk.putRow(aRow(1, { version: 2 }));
  desk.flush();
  expect(heard).toHaveBeenCalledTimes(1);
});

test("what the viewer has read, or not, makes unread only what is news to them", () => {
  const desk = new Desk(1);
  desk.putRow(aRow(1, { read_seq: 0, unread: 3 }));
  desk.putRow(aRow(2, { concerns: false }));
  const unread = () => [1, 2].map((id) => desk.row(id)?.unread);
  desk.readUpTo(1, 5);
  desk.readUpTo(2, 5);
  expect(unread()).toEqual([0, 0]);
  for (const id of [1, 2]) desk.apply({ type: "patch", seq: id, kind: "conversation.read", read: { conversation_id: id, user_id: 1, seq: 4 } });
  expect(unread()).toEqual([1, 0]);
  desk.apply({ type: "patch", seq: 3, kind: "ticket.changed", conversation: aRow(1, { version: 2, read_seq: 4, concerns: false }) }); // given to somebody else
  expect(unread()).toEqual([0, 0]);
});

/** A conversation of 500 messages, read page by page, of which the viewer has read so many. */
const longThread = (asked: string[], read_seq = 500) =>
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    if (address.endsWith("/conversations/1")) return answer(aRow(1, { last_seq: 500, last_inbound_seq: 500, read_seq, unread: 500 - read_seq }));
    const query = new URL(address, "http://x").searchParams;
    const after = Number(query.get("after") ?? 0);
    const limit = Number(query.get("limit"));
    const last = Math.min(500, after ? after + limit : Number(query.get("before") ?? 501) - 1);
    const first = after ? after + 1 : Math.max(1, last - limit + 1);
    return answer({ items: Array.from({ length: last - first + 1 }, (_, i) => said(first + i)), more: after ? last < 500 : first > 1 });
  });
const said = (seq: number) => aMessage(seq, { at: new Date(Date.UTC(2026, 10, 21) + seq * 1000).toISOString() });
const seqs = (desk: Desk) => desk.threads.of(1)?.items.map(({ seq }) => seq) ?? [];

test("of a message very far up only the stretch around it is read, and from there the way to the end", async () => {
  const asked: string[] = [];
  longThread(asked);
  const desk = new Desk(1);
  await desk.threads.need(1, 100);
  expect(asked.filter((address) => address.includes("/messages"))).toHaveLength(2);
  expect([seqs(desk).at(0), seqs(desk).at(-1)]).toEqual([75, 124]);
  expect(desk.threads.of(1)).toMatchObject({ older: true, newer: true });
  desk.threads.put(said(501)); // what is said now is not put behind the past
  expect(seqs(desk).at(-1)).toBe(124);
  expect(desk.threads.readable()).toEqual([]);
  await desk.threads.older(1);
  await desk.threads.newer(1);
  expect([seqs(desk).at(0), seqs(desk).at(-1), seqs(desk).length]).toEqual([25, 174, 150]);
  await desk.threads.need(1, 490);
  expect(seqs(desk)).toContain(490);
  expect(desk.threads.of(1)).toMatchObject({ newer: false });
  await desk.threads.need(1, 3);
  desk.threads.leave(1);
  await desk.threads.open(1);
  expect([seqs(desk).at(0), seqs(desk).at(-1)]).toEqual([451, 500]);
});

test("a message far up is loaded, also while somebody else reads the same thread", async () => {
  const asked: string[] = [];
  longThread(asked);
  const desk = new Desk(1);
  await Promise.all([desk.threads.open(1), desk.threads.need(1, 310), desk.needRow(1)]);
  expect(desk.threads.of(1)?.items.some(({ seq }) => seq === 310)).toBe(true);
  expect(asked.filter((address) => address.endsWith("/conversations/1"))).toHaveLength(1);
  expect(asked.filter((address) => address.includes("/messages"))).toHaveLength(4);
});

test("however far one reads, so much is loaded and no more, and nothing is skipped on the way back", async () => {
  longThread([]);
  const desk = new Desk(1);
  await desk.needRow(1);
  await desk.threads.open(1);
  for (let page = 0; page < 9; page++) await desk.threads.older(1);
  expect([seqs(desk).at(0), seqs(desk).length]).toEqual([1, 300]);
  expect(desk.threads.of(1)).toMatchObject({ older: false, newer: true, fresh: 0 });
  desk.threads.put({ ...said(499), version: 2 }); // was read by the customer: nothing new
  desk.threads.put(said(501));
  desk.threads.put(said(501));
  expect(desk.threads.of(1)).toMatchObject({ fresh: 1, newer: true });
  for (let page = 0; page < 4; page++) await desk.threads.newer(1);
  expect(seqs(desk)).toEqual(Array.from({ length: 300 }, (_, i) => 201 + i));
  expect(desk.threads.of(1)).toMatchObject({ older: true, newer: false, fresh: 0 });
  desk.threads.trim(1);
  expect([seqs(desk).at(0), seqs(desk).length]).toEqual([351, 150]);
  await desk.threads.older(1);
  expect(seqs(desk).at(0)).toBe(301);
  desk.threads.trim(1);
  expect(seqs(desk)).toHaveLength(200);
  desk.threads.leave(1);
  expect(seqs(desk)).toHaveLength(50);
});

test("where more is unread than one answer carries, the thread opens at the unread line, and goes to the end from there", async () => {
  longThread([], 100);
  const desk = new Desk(1);
  await desk.needRow(1);
  const opening = desk.threads.open(1);
  desk.threads.put(said(501)); // said meanwhile, far behind what is being read
  await opening;
  expect([seqs(desk).at(0), seqs(desk).at(-1)]).toEqual([76, 275]);
  const thread = () => desk.threads.of(1) ?? emptyThread;
  expect(thread()).toMatchObject({ older: true, newer: true, state: "ready", fresh: 0 });
  expect(readWithin(thread(), 100)).toBe(100);
  await desk.threads.newer(1);
  expect([seqs(desk).at(0), seqs(desk).at(-1)]).toEqual([76, 325]);
  await desk.threads.toEnd(1);
  expect([seqs(desk).at(0), seqs(desk).at(-1)]).toEqual([451, 500]);
  expect(thread()).toMatchObject({ newer: false, wanted: "end" });
  expect(readWithin(thread(), 100), "the line belongs further up").toBeNull();
  for (let page = 0; page < 6; page++) await desk.threads.older(1);
  expect(readWithin(thread(), 100)).toBeNull();
  await desk.threads.older(1);
  expect(readWithin(thread(), 100)).toBe(100);
  expect(readWithin(thread(), 500)).toBeNull();
  desk.threads.leave(1);
  await desk.threads.open(1);
  expect(seqs(desk).at(0), "at the line again").toBe(76);
});

test("unread messages that one answer carries are loaded to the end", async () => {
  longThread([], 330);
  const desk = new Desk(1);
  await desk.needRow(1);
  await desk.threads.open(1);
  expect([seqs(desk).at(0), seqs(desk).at(-1)]).toEqual([311, 500]);
  expect(desk.threads.of(1)).toMatchObject({ newer: false });
});

test("a late message that stands far up leaves no hole where the loaded stretch is cut", () => {
  const late = said(9);
  const items = merge([], [{ ...late, at: said(2).at }, ...[1, 2, 3, 4, 5, 6, 7, 8, 10].map(said)]);
  expect(items.map(({ seq }) => seq).slice(0, 3)).toEqual([1, 2, 9]);
  expect(beginning(items, 5).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  expect(ending(items, 3).map(({ seq }) => seq)).toEqual([9, 8, 10]);
});

test("what was seen before a reload is shown at once and replaced by the server's answer, whatever the versions", async () => {
  const query = listQuery({ view: "mine" });
  const before = new Desk(1);
  serve({ "/conversations?": () => ({ items: [aRow(2, { version: 9 }), aRow(1, { version: 9 })], next: "more" }) });
  await before.openList(query);
  const { lists, rows } = before.seen(3, 40);

  const desk = new Desk(1);
  desk.recall(lists, rows);
  expect(desk.list(listKey(query))).toMatchObject({ ids: [2, 1], state: "ready" });
  serve({ "/conversations?": () => ({ items: [aRow(3), aRow(1, { version: 2, unread: 4 })], next: "" }) }); // the server went back to a backup
  await desk.openList(query);
  expect(desk.list(listKey(query))?.ids).toEqual([3, 1]);
  expect(desk.row(1)?.unread).toBe(4);
});

test("what was seen stays on screen while the server cannot be reached", async () => {
  const desk = new Desk(1);
  desk.recall([{ key: "view=mine&sort=activity", ids: [1] }], [aRow(1)]);
  serve({});
  await desk.reread(); // the socket may be ready before the list is on screen
  await desk.openList(listQuery({ view: "mine" }));
  expect(desk.list("view=mine&sort=activity")).toMatchObject({ ids: [1], state: "ready" });
});

test("a thread that the network does not bring begins with what was kept of it, and takes the answer when it comes", async () => {
  vi.useFakeTimers();
  let bring = () => {};
  vi.stubGlobal("fetch", () => new Promise<Response>((resolve) => (bring = () => resolve(answer({ items: [aMessage(2), aMessage(3)], more: true })))));
  const desk = new Desk(1);
  desk.threads.readOffline(async () => [aMessage(1), aMessage(2)]);
  const opened = desk.threads.open(1);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(desk.threads.of(1)?.state).toBe("loading");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(desk.threads.of(1)).toMatchObject({ state: "ready", items: [{ seq: 1 }, { seq: 2 }] });
  bring();
  await opened;
  expect(desk.threads.of(1)?.items.map(({ seq, version }) => [seq, version > 0])).toEqual([[1, false], [2, true], [3, true]]);
  vi.useRealTimers();
});
