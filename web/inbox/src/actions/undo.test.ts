// Every action of the table, on a server made of the ticket's rules: what writes offers its undo, and the undo leads back.
import { expect, test, vi } from "vitest";
import type { Member, Row, TicketState } from "../api/types.ts";
import type { T } from "../i18n/index.tsx";
import { Desk } from "../live/desk.ts";
import { aRow } from "../test/records.ts";
import { actions, possible, type Action, type ActionContext } from "./index.ts";
import { TicketWork } from "./ticket.ts";

const me = 1;
const colleague = 2;
const tomorrow = new Date(Date.now() + 86_400_000).toISOString();

/** One conversation on a server that keeps the rules of 0.2 as far as undo needs them. */
function serve(start: Row) {
  let row = start;
  let writes = 0;
  const ticket = (change: Partial<TicketState>) => {
    row = { ...row, version: row.version + 1, ticket: { ...row.ticket, ...change } };
  };
  const assigned = (to: number) => ticket({ assignee_id: to, ...(to === 0 ? { status: "queued" as const } : ["queued", "resolved"].includes(row.ticket.status) ? { status: "open" as const } : {}) });
  const refuse = (unless: boolean) => {
    if (!unless) throw new Error(`a ${row.ticket.status} ticket cannot do that`);
  };
  const moves: Record<string, (body: Record<string, unknown>) => void> = {
    take: () => assigned(me),
    assign: (body) => assigned(Number(body["assignee_id"])),
    transfer: (body) => (body["team_id"] ? ticket({ team_id: Number(body["team_id"]), assignee_id: 0, status: "queued" }) : assigned(Number(body["assignee_id"]))),
    resolve: () => (refuse(row.ticket.status !== "resolved"), ticket({ status: "resolved" })),
    reopen: () => (refuse(row.ticket.status === "resolved"), assigned(me)),
    snooze: (body) => (refuse(["open", "pending", "snoozed"].includes(row.ticket.status)), ticket({ status: "snoozed", snoozed_until: String(body["until"]) })),
    wake: () => (refuse(row.ticket.status === "snoozed"), ticket({ status: row.ticket.assignee_id ? "open" : "queued", snoozed_until: "" })),
    pending: () => (refuse(row.ticket.status === "open"), ticket({ status: "pending" })),
    open: () => (refuse(row.ticket.status === "pending"), ticket({ status: "open" })),
  };
  vi.stubGlobal("fetch", async (address: string, { method = "GET", body = "{}" }: { method?: string; body?: string } = {}) => {
    const sent = JSON.parse(body) as Record<string, unknown>;
    if (method !== "GET") writes++;
    const move = /\/tickets\/\d+\/(\w+)$/.exec(address)?.[1];
    if (move) moves[move]?.(sent);
    else if (address.endsWith("/read")) row = { ...row, version: row.version + 1, read_seq: Number(sent["seq"]) };
    else if (method === "PATCH") {
      const { assignee_id, ...rest } = sent;
      ticket(rest);
      if (assignee_id !== undefined) assigned(Number(assignee_id));
    }
    return address.endsWith("/read") ? new Response(null, { status: 204 }) : new Response(JSON.stringify(row), { headers: { "Content-Type": "application/json" } });
  });
  return { row: () => row, writes: () => writes };
}

function bench(start: Row) {
  const server = serve(start);
  const desk = new Desk(me);
  desk.putRow(start);
  const undos: (() => void)[] = [];
  const problems: unknown[] = [];
  const t: T = (key) => key;
  const offer = (_: string, undo: () => void) => void undos.push(undo);
  const work = new TicketWork({ desk, t, moment: String, memberName: String, teamName: String, undoable: offer, problem: (error) => void problems.push(error), leaving: () => () => {} });
  const person = (user_id: number) => ({ user_id, role: "agent", answers: true, name: `m${user_id}`, active: true, availability: "online" }) as Member;
  const nothing = () => {};
  const context: ActionContext = {
    row: start, selected: [], bulk: {} as ActionContext["bulk"], me, can: () => true, members: [person(me), person(colleague)], availabilities: [], teams: [{ id: 7, name: "seven", member_ids: [], mode: "manual", accept: "automatic", ageing: false }], tags: [{ id: 5, name: "five", color: "" }, { id: 6, name: "six", color: "" }], specs: [],
    work, t, moment: String, zone: "",
    inbox: new Proxy({} as ActionContext["inbox"], { get: () => nothing }),
  };
  return { server, desk, context, undos, problems };
}

const states: Record<string, Row> = {
  queued: aRow(1, { ticket: { status: "queued", assignee_id: 0 } }),
  open: aRow(1, { ticket: { status: "open", assignee_id: me, team_id: 3, tag_ids: [5] } }),
  "open, a colleague's": aRow(1, { ticket: { status: "open", assignee_id: colleague } }),
  pending: aRow(1, { ticket: { status: "pending", assignee_id: colleague, priority: "high" } }),
  snoozed: aRow(1, { ticket: { status: "snoozed", assignee_id: me, snoozed_until: tomorrow } }),
  resolved: aRow(1, { ticket: { status: "resolved", assignee_id: colleague, reason: "manual" } }),
  unread: aRow(1, { unread: 2, read_seq: 3 }),
};

const told = ({ ticket, read_seq }: Row) => ({
  status: ticket.status, assignee: ticket.assignee_id ?? 0, team: ticket.team_id ?? 0, priority: ticket.priority, tags: ticket.tag_ids ?? [], read_seq,
  until: ticket.status === "snoozed" ? ticket.snoozed_until : "",
});

/** Each way to do an action: itself, or each of its choices. */
function ways(action: Action, c: ActionContext): { name: string; run: () => void }[] {
  if (action.choices) return action.choices(c).map(({ id, run }) => ({ name: `${action.id} ${id}`, run }));
  return [{ name: action.id, run: () => action.run?.(c) }];
}

const everything = Object.entries(states).flatMap(([state, row]) =>
  actions.filter((action) => possible(action, bench(row).context)).flatMap((action) => ways(action, bench(row).context).map(({ name }, at) => ({ state, name, action, at }))),
);

test.each(everything)("$name, when $state", async ({ state, action, at }) => {
  const start = states[state] as Row;
  const { server, desk, context, undos, problems } = bench(start);
  ways(action, context)[at]?.run();
  await vi.waitFor(() => expect(desk.row(1)?.version === server.row().version || server.writes() === 0 || server.row().read_seq !== start.read_seq).toBe(true));
  if (server.writes() === 0) return; // changes nothing on the server
  expect(undos).toHaveLength(1);
  undos[0]?.();
  await vi.waitFor(() => expect(told(server.row())).toEqual(told(start)));
  expect(problems).toEqual([]);
  await vi.waitFor(() => expect(told(desk.row(1) as Row)).toEqual(told(start)));
});

test("every action of a ticket is among them, from one state or another", () => {
  const tried = new Set(everything.map(({ action }) => action.id));
  expect(actions.filter(({ group, id }) => group === "ticket" && !tried.has(id))).toEqual([]);
});

test("an undo before the server has answered waits for it", async () => {
  const { server, context, undos } = bench(states["open"] as Row);
  const resolve = actions.find(({ id }) => id === "resolve");
  resolve?.run?.(context);
  undos[0]?.();
  await vi.waitFor(() => expect(server.writes()).toBeGreaterThan(1));
  await vi.waitFor(() => expect(told(server.row())).toEqual(told(states["open"] as Row)));
});
