// What is done to several conversations, against a server that answers for each.
import { beforeEach, expect, test, vi } from "vitest";
import type { BulkChange, Member, Row } from "../api/types.ts";
import type { T } from "../i18n/index.tsx";
import { Selection } from "../list/selection.ts";
import { Desk } from "../live/desk.ts";
import { aRow } from "../test/records.ts";
import { BulkWork, wayBack } from "./bulk.ts";
import { actions, asks, choicesOf, invoke, possible, type Action, type ActionContext } from "./index.ts";

const me = 1;
const sent: { changes: BulkChange[]; key: string }[] = [];
let answers: ((changes: BulkChange[]) => unknown)[] = [];

beforeEach(() => {
  sent.length = 0;
  answers = [];
  vi.stubGlobal("fetch", async (_: string, { body, headers }: { body: string; headers: Record<string, string> }) => {
    const { changes } = JSON.parse(body) as { changes: BulkChange[] };
    sent.push({ changes, key: headers["Idempotency-Key"] ?? "" });
    const answer = answers.shift() ?? everyone;
    return new Response(JSON.stringify({ items: answer(changes) }), { headers: { "Content-Type": "application/json" } });
  });
});

const everyone = (changes: BulkChange[]) => changes.flatMap(({ conversation_ids }) => conversation_ids.map((id) => ({ conversation_id: id, outcome: "changed", before: { status: "open" }, row: aRow(id, { version: 9 }) })));

function bench(rows: Row[], may: ActionContext["can"] = () => true) {
  const desk = new Desk(me);
  for (const row of rows) desk.putRow(row);
  const selection = new Selection();
  selection.add(rows.map(({ id }) => id));
  const said: string[] = [];
  const undos: (() => void)[] = [];
  const problems: unknown[] = [];
  const asked: [string | undefined, boolean | undefined][] = [];
  const t: T = (key, values) => `${key} ${values?.["count"] ?? ""}`.trim();
  const bulk = new BulkWork({
    desk, t, selection, moment: String, memberName: String, teamName: String, say: (text) => void said.push(text),
    undoable: (text, undo) => void (said.push(text), undos.push(undo)), problem: (error) => void problems.push(error), leaving: () => () => {},
  });
  const person = { user_id: 2, role: "agent", answers: true, name: "Ken", active: true, availability: "online" } as Member;
  const inbox = new Proxy({} as ActionContext["inbox"], { get: (_, name) => (name === "palette" ? (id?: string, many?: boolean) => void asked.push([id, many]) : () => {}) });
  const context: ActionContext = {
    row: rows[0], selected: rows, me, can: may, members: [person], availabilities: [], teams: [{ id: 7, name: "seven", member_ids: [], mode: "manual", accept: "automatic", ageing: false }], tags: [{ id: 5, name: "five", color: "" }], specs: [],
    work: {} as ActionContext["work"], bulk, t, moment: String, zone: "", inbox,
  };
  return { desk, selection, said, undos, problems, asked, context };
}

const action = (id: string) => actions.find((one) => one.id === id) as Action;
const ended = (selection: Selection) => vi.waitFor(() => expect([sent.length > 0, selection.now().busy]).toEqual([true, 0]));

test("one request for all, one undo for all, and what is done is let go of", async () => {
  const { context, selection, said, undos, desk } = bench([aRow(1), aRow(2), aRow(3)]);
  answers = [(changes) => (everyone(changes) as object[]).map((one, i) => ({ ...one, before: i === 1 ? { status: "pending" } : { status: "open" } }))];
  invoke(action("resolve"), context);
  await vi.waitFor(() => expect(said).toEqual(["bulk.resolved 3"]));
  expect(sent.map(({ changes }) => changes)).toEqual([[{ status: "resolved", conversation_ids: [1, 2, 3] }]]);
  expect(sent[0]?.key).not.toBe("");
  expect(selection.now().ids).toEqual([]);
  expect(desk.row(2)?.version).toBe(9);
  undos[0]?.();
  await vi.waitFor(() => expect(said).toContain("bulk.undone 3"));
  expect(sent[1]?.changes).toEqual([{ status: "open", conversation_ids: [1, 3] }, { status: "pending", conversation_ids: [2] }]);
  expect(sent[1]?.key).not.toBe(sent[0]?.key);
});

test("what fails stays selected and is told with its reason; the rest can be undone", async () => {
  const { context, selection, said } = bench([aRow(1), aRow(2)]);
  answers = [() => [{ conversation_id: 1, outcome: "failed", problem: { code: "invalid_transition", detail: "no" } }, { conversation_id: 2, outcome: "changed", before: {} }]];
  invoke(action("resolve"), context);
  await vi.waitFor(() => expect(said).toEqual(["bulk.resolved 1"]));
  expect(selection.now().ids).toEqual([1]);
  expect(selection.now().failures).toEqual([{ id: 1, reason: "no" }]);
});

test("tags and priorities keep the selection: more may be done to it", async () => {
  const { context, selection } = bench([aRow(1, { ticket: { tag_ids: [5] } }), aRow(2)]);
  const [choice] = choicesOf(action("tag"), context) ?? [];
  expect([choice?.checked, choice?.hint]).toEqual([false, "bulk.some 1"]);
  choice?.run();
  await ended(selection);
  expect(sent[0]?.changes).toEqual([{ add_tag_ids: [5], conversation_ids: [1, 2] }]);
  expect(selection.now().ids).toEqual([1, 2]);
});

test("a tag that all have is taken off", () => {
  const { context } = bench([aRow(1, { ticket: { tag_ids: [5] } }), aRow(2, { ticket: { tag_ids: [5] } })]);
  const [choice] = choicesOf(action("tag"), context) ?? [];
  expect(choice?.checked).toBe(true);
});

test("nothing to change is said, and there is nothing to undo", async () => {
  const { context, said, undos } = bench([aRow(1)]);
  answers = [() => [{ conversation_id: 1, outcome: "unchanged" }]];
  invoke(action("resolve"), context);
  await vi.waitFor(() => expect(said).toEqual(["bulk.unchanged 1"]));
  expect(undos).toEqual([]);
});

test("an answer that got lost is asked for again under the same key", async () => {
  vi.useFakeTimers();
  const { context, said, problems } = bench([aRow(1)]);
  const lose = () => {
    throw new TypeError("network");
  };
  answers = [lose, lose];
  invoke(action("resolve"), context);
  await vi.advanceTimersByTimeAsync(5_000);
  vi.useRealTimers();
  expect(said).toEqual(["bulk.resolved 1"]);
  expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
  expect([sent.length, problems]).toEqual([3, []]);
});

test("an undo waits for what still runs", async () => {
  const { context, undos, said } = bench([aRow(1), aRow(2)]);
  invoke(action("resolve"), context);
  await vi.waitFor(() => expect(undos).toHaveLength(1));
  void context.bulk.setPriority(context.selected, "high");
  undos[0]?.();
  await vi.waitFor(() => expect(said).toEqual(["bulk.resolved 2", "bulk.priority 2", "bulk.undone 2"]));
});

test("pressed twice is done once", async () => {
  const { context, said } = bench([aRow(1)]);
  invoke(action("resolve"), context);
  invoke(action("resolve"), context);
  await vi.waitFor(() => expect(said).toEqual(["bulk.resolved 1"]));
  expect(sent).toHaveLength(1);
});

test("what leads back is sent in as few pieces as there are ways", () => {
  const before = (status: "open" | "pending") => ({ status });
  expect(wayBack([{ conversation_id: 1, before: before("open") }, { conversation_id: 2, before: before("pending") }, { conversation_id: 3, before: before("open") }, { conversation_id: 4 }])).toEqual([
    { status: "open", conversation_ids: [1, 3] },
    { status: "pending", conversation_ids: [2] },
  ]);
});

test("a selection is for those who may, and only for what each of its changes needs", () => {
  const rows = [aRow(1), aRow(2, { ticket: { status: "resolved" } })];
  expect(possible(action("resolve"), bench(rows).context)).toBe(true);
  expect(possible(action("resolve"), bench(rows, (p) => p !== "ticket.assign_others").context)).toBe(false);
  expect(possible(action("resolve"), bench(rows, (p) => p !== "conversation.reply").context)).toBe(false);
  expect(possible(action("select"), bench(rows, (p) => p !== "ticket.assign_others").context)).toBe(false);
  expect(possible(action("reopen"), bench([aRow(1)]).context)).toBe(false);
});

test("while several are selected, nothing is done to one of them only", () => {
  const { context } = bench([aRow(1), aRow(2, { ticket: { status: "resolved" } }), aRow(3, { ticket: { status: "snoozed" }, unread: 1 })]);
  const alone = actions.filter((one) => one.group === "ticket" && possible(one, context) && !one.bulk);
  expect(alone).toEqual([]);
  expect(possible(action("delete_ticket"), context)).toBe(false);
});

test("what asks, asks about the selection", () => {
  const { context, asked } = bench([aRow(1)]);
  expect(asks(action("assign"), context)).toBe(true);
  invoke(action("assign"), context);
  invoke(action("assign"), { ...context, selected: [] });
  expect(asked).toEqual([["assign", true], ["assign", false]]);
});

test.each([
  ["reopen", [2]],
  ["wake", [3]],
  ["take", [1, 2, 3]],
  ["read", [1, 2, 3]],
])("%s is about those it means something to", async (id, ids) => {
  const { context, selection } = bench([aRow(1, { unread: 1, ticket: { assignee_id: 2 } }), aRow(2, { ticket: { status: "resolved" } }), aRow(3, { ticket: { status: "snoozed" } })]);
  invoke(action(id), context);
  await ended(selection);
  expect(sent[0]?.changes[0]?.conversation_ids).toEqual(ids);
});

test("a colleague's status of the workspace's own is said by its name (E8)", () => {
  const { context } = bench([aRow(1)]);
  const hint = (member: Partial<Member>) => choicesOf(action("assign"), { ...context, members: [{ ...(context.members[0] as Member), ...member }] })?.[0]?.hint;
  context.availabilities = [{ id: 9, name: "昼休み", means: "away", position: 0, reassigns: false }];
  expect(hint({ availability: "away", custom_availability_id: 9 })).toBe("昼休み");
  expect(hint({ availability: "away", custom_availability_id: 0 })).toBe("availability.away");
});
