import { assignTicket, changeTicket, markRead, moveTicket, snoozeTicket, transferTicket, type TicketChange } from "../api/desk.ts";
import type { Id, Priority, Row, TicketState } from "../api/types.ts";
import type { Key, T } from "../i18n/index.tsx";
import type { Desk } from "../live/desk.ts";
import { readTo } from "../live/lists.ts";

interface Tools {
  desk: Desk;
  t: T;
  moment: (at: Date) => string;
  memberName: (id: Id) => string;
  teamName: (id: Id) => string;
  undoable: (text: string, undo: () => void) => void;
  problem: (error: unknown) => void;
  /** Called before a row may leave the list; what it gives is called after it did, to move the selection on. */
  leaving: (id: Id) => () => void;
}

/** Where a case can be handed to. */
export interface TransferTarget {
  kind: "team" | "person";
  id: Id;
}

interface Step {
  row: Row;
  /** The ticket as it will be. */
  change: Partial<TicketState>;
  call: () => Promise<Row>;
  /** What is said, with an undo. */
  said: string;
  /** The selection moves on when the row leaves the list. */
  leaves?: boolean;
}

/**
 * What can be done to a ticket. Everything shows at once, is sent at once, and can be undone for 8 s; a refusal puts the
 * row back and says why.
 */
export class TicketWork {
  private readonly tools: Tools;
  /** What is on its way, by ticket; what undoes it waits. */
  private readonly running = new Map<Id, Promise<boolean>>();

  constructor(tools: Tools) {
    this.tools = tools;
  }

  /** Gives whether the server took it. */
  private step(step: Step): Promise<boolean> {
    const { row, change, said, leaves = false } = step;
    const { desk, leaving, undoable } = this.tools;
    const left = leaves ? leaving(row.id) : () => {};
    const putBack = desk.foresee(row.id, (now) => ({ ...now, ticket: { ...now.ticket, ...change } }));
    left();
    const done = this.send(step, putBack);
    this.running.set(row.id, done);
    undoable(said, () => void this.restore(row, Object.keys(change) as (keyof TicketState)[]));
    return done;
  }

  private async send({ call }: Step, putBack: () => void): Promise<boolean> {
    const { desk, problem } = this.tools;
    try {
      desk.putRow(await call());
      desk.flush();
      return true;
    } catch (error) {
      putBack();
      problem(error);
      return false;
    }
  }

  /** Leads a case back to how it was, in what was touched; what others changed meanwhile stays. */
  private async restore(before: Row, touched: readonly (keyof TicketState)[]): Promise<void> {
    const { desk, problem } = this.tools;
    if (!(await (this.running.get(before.id) ?? true))) return; // refused: it is as it was
    const was = before.ticket;
    let now = (desk.row(before.id) ?? before).ticket;
    const names = new Set<keyof TicketState>(touched.includes("status") ? [...touched, "assignee_id", "snoozed_until"] : touched);
    const putBack = desk.foresee(before.id, (row) => ({ ...row, ticket: { ...row.ticket, ...Object.fromEntries([...names].map((name) => [name, was[name]])) } }));
    try {
      for (const call of [() => wayOut(now, was, names), () => values(now, was, names), () => wayBack(now, was, names)]) {
        const next = call();
        if (!next) continue;
        const row = await next();
        desk.putRow(row);
        now = row.ticket;
      }
    } catch (error) {
      putBack();
      problem(error);
    }
    desk.flush();
  }

  private text(key: Key, row: Row, values: Record<string, string | number> = {}): string {
    return this.tools.t(key, { number: `#${row.ticket.number}`, ...values });
  }

  /** Shows what sending a message will do to its case, and moves the selection on. */
  leaveWith(row: Row, change: Partial<TicketState>): void {
    const left = this.tools.leaving(row.id);
    this.tools.desk.foresee(row.id, (now) => ({ ...now, ticket: { ...now.ticket, ...change } }));
    left();
  }

  resolve = (row: Row) =>
    this.step({ row, change: { status: "resolved", reason: "manual" }, call: () => moveTicket(row.ticket.id, "resolve"), said: this.text("done.resolved", row), leaves: true });

  reopen = (row: Row) =>
    this.step({ row, change: { status: row.ticket.assignee_id ? "open" : "queued" }, call: () => moveTicket(row.ticket.id, "reopen"), said: this.text("done.reopened", row) });

  /** Makes somebody else's case the viewer's own (E21). */
  takeOver = (row: Row) =>
    this.step({ row, change: { assignee_id: this.tools.desk.me }, call: () => moveTicket(row.ticket.id, "take-over"), said: this.text("done.taken_over", row) });

  /** Takes part in somebody else's case, or no more (E21). */
  join = async (row: Row, on: boolean): Promise<void> => {
    const { desk, problem, undoable } = this.tools;
    try {
      const joining = moveTicket(row.ticket.id, on ? "join" : "leave");
      if (on) undoable(this.text("done.joined", row), () => void joining.then(() => this.join(row, false), () => {}));
      desk.putRow(await joining);
      desk.flush();
    } catch (error) {
      problem(error);
    }
  };

  take = (row: Row) =>
    this.step({
      row,
      change: { assignee_id: this.tools.desk.me, ...(row.ticket.status === "queued" ? { status: "open" as const } : {}) },
      call: () => moveTicket(row.ticket.id, "take"),
      said: this.text("done.taken", row),
    });

  assign = (row: Row, to: Id): Promise<boolean> =>
    this.step({
      row,
      change: { assignee_id: to, ...(to ? (row.ticket.status === "queued" ? { status: "open" as const } : {}) : { status: "queued" as const }) },
      call: () => (to ? assignTicket(row.ticket.id, to) : changeTicket(row.ticket.id, { assignee_id: 0 })),
      said: to ? this.text("done.assigned", row, { name: this.tools.memberName(to) }) : this.text("done.unassigned", row),
      leaves: to !== this.tools.desk.me,
    });

  /** Hands the case to a team's queue or to a person; a note stays in the thread even when that is undone (E13). */
  transfer = (row: Row, to: TransferTarget, note = ""): Promise<boolean> => {
    const told = note ? { note } : {};
    const handed =
      to.kind === "team"
        ? { change: { team_id: to.id, assignee_id: 0, status: "queued" as const }, name: this.tools.teamName(to.id), body: { team_id: to.id, ...told } }
        : { change: { assignee_id: to.id, ...(row.ticket.status === "queued" ? { status: "open" as const } : {}) }, name: this.tools.memberName(to.id), body: { assignee_id: to.id, ...told } };
    return this.step({
      row,
      change: handed.change,
      call: () => transferTicket(row.ticket.id, handed.body),
      said: this.text(to.kind === "team" ? "done.transferred" : "done.transferred_person", row, { name: handed.name }),
      leaves: to.kind === "team" || to.id !== this.tools.desk.me,
    });
  };

  setPriority = (row: Row, priority: Priority) =>
    this.step({
      row,
      change: { priority },
      call: () => changeTicket(row.ticket.id, { priority }),
      said: this.text("done.priority", row, { priority: this.tools.t(`priority.${priority}`) }),
    });

  setTags = (row: Row, tags: Id[]) =>
    this.step({ row, change: { tag_ids: tags }, call: () => changeTicket(row.ticket.id, { tag_ids: tags }), said: this.text("done.tags", row) });

  snooze = (row: Row, until: Date) =>
    this.step({
      row,
      change: { status: "snoozed", snoozed_until: until.toISOString() },
      call: () => snoozeTicket(row.ticket.id, until.toISOString()),
      said: this.text("done.snoozed", row, { until: this.tools.moment(until) }),
      leaves: true,
    });

  wake = (row: Row) =>
    this.step({ row, change: { status: row.ticket.assignee_id ? "open" : "queued" }, call: () => moveTicket(row.ticket.id, "wake"), said: this.text("done.woken", row) });

  /** Says whose turn it is without writing anything. */
  turn = (row: Row, status: "open" | "pending") =>
    this.step({ row, change: { status }, call: () => moveTicket(row.ticket.id, status), said: this.text(status === "open" ? "done.open" : "done.pending", row) });

  /** Sets the reading mark back before the newest customer message (G2.7). */
  markUnread = (row: Row) => this.read(row, Math.max(0, row.last_inbound_seq - 1), "done.unread");
  markRead = (row: Row) => this.read(row, row.last_seq, "done.read");

  private async read(row: Row, seq: number, said?: Key): Promise<void> {
    const { desk, problem, undoable } = this.tools;
    const putBack = desk.foresee(row.id, (now) => readTo(now, seq));
    if (said) undoable(this.text(said, row), () => void this.read(row, row.read_seq));
    try {
      await markRead(row.id, seq);
    } catch (error) {
      putBack();
      problem(error);
    }
  }
}

type Names = ReadonlySet<keyof TicketState>;
type Call = (() => Promise<Row>) | null;

/** First, out of a state in which little can be changed. */
function wayOut(now: TicketState, was: TicketState, names: Names): Call {
  if (!names.has("status") || now.status === was.status) return null;
  if (now.status === "resolved") return () => moveTicket(was.id, "reopen");
  if (now.status === "snoozed") return () => moveTicket(was.id, "wake");
  return null;
}

/** Then the values. */
function values(now: TicketState, was: TicketState, names: Names): Call {
  const change: TicketChange = {};
  if (names.has("assignee_id") && (now.assignee_id ?? 0) !== (was.assignee_id ?? 0)) change.assignee_id = was.assignee_id ?? 0;
  if (names.has("team_id") && (now.team_id ?? 0) !== (was.team_id ?? 0)) change.team_id = was.team_id ?? 0;
  if (names.has("priority") && now.priority !== was.priority) change.priority = was.priority;
  if (names.has("tag_ids")) change.tag_ids = was.tag_ids ?? [];
  return Object.keys(change).length > 0 ? () => changeTicket(was.id, change) : null;
}

/** Last, into the state it was in. */
function wayBack(now: TicketState, was: TicketState, names: Names): Call {
  if (!names.has("status")) return null;
  const until = was.snoozed_until;
  if (was.status === "snoozed" && until && Date.parse(until) > Date.now() && (now.status !== "snoozed" || now.snoozed_until !== until)) return () => snoozeTicket(was.id, until);
  if (now.status === was.status) return null;
  if (was.status === "resolved") return () => moveTicket(was.id, "resolve");
  if (was.status === "pending") return () => moveTicket(was.id, "pending");
  if (was.status === "open" && now.status === "pending") return () => moveTicket(was.id, "open");
  return null;
}
