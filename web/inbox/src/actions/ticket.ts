import { assignTicket, changeTicket, markRead, moveTicket, snoozeTicket, transferTicket } from "../api/desk.ts";
import type { Id, Priority, Row, TicketState } from "../api/types.ts";
import type { Key, T } from "../i18n/index.tsx";
import type { Desk } from "../live/desk.ts";

interface Tools {
  desk: Desk;
  t: T;
  moment: (at: Date) => string;
  memberName: (id: Id) => string;
  teamName: (id: Id) => string;
  say: (text: string) => void;
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
  /** What is said, with an undo if there is a way back. */
  said?: string;
  undo?: () => void;
  /** The selection moves on when the row leaves the list. */
  leaves?: boolean;
}

/**
 * What can be done to a ticket. Everything shows at once, is sent at once, and is taken back by its opposite within
 * 8 s where there is one; a refusal puts the row back and says why.
 */
export class TicketWork {
  private readonly tools: Tools;

  constructor(tools: Tools) {
    this.tools = tools;
  }

  /** Gives whether the server took it. */
  private async step({ row, change, call, said, undo, leaves = false }: Step): Promise<boolean> {
    const { desk, leaving, say, undoable, problem } = this.tools;
    const left = leaves ? leaving(row.id) : () => {};
    const putBack = desk.foresee(row.id, (now) => ({ ...now, ticket: { ...now.ticket, ...change } }));
    left();
    if (said && undo) undoable(said, undo);
    else if (said) say(said);
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

  private text(key: Key, row: Row, values: Record<string, string | number> = {}): string {
    return this.tools.t(key, { number: `#${row.ticket.number}`, ...values });
  }

  /** The row as it is by now, for the way back. */
  private now = (row: Row) => this.tools.desk.row(row.id) ?? row;

  /** Shows what sending a message will do to its case, and moves the selection on. */
  leaveWith(row: Row, change: Partial<TicketState>): void {
    const left = this.tools.leaving(row.id);
    this.tools.desk.foresee(row.id, (now) => ({ ...now, ticket: { ...now.ticket, ...change } }));
    left();
  }

  resolve = (row: Row) =>
    this.step({
      row,
      change: { status: "resolved", reason: "manual" },
      call: () => moveTicket(row.ticket.id, "resolve"),
      said: this.text("done.resolved", row),
      undo: () => void this.reopen(this.now(row), true),
      leaves: true,
    });

  reopen = (row: Row, quiet = false) =>
    this.step({
      row,
      change: { status: row.ticket.assignee_id ? "open" : "queued" },
      call: () => moveTicket(row.ticket.id, "reopen"),
      ...(quiet ? {} : { said: this.text("done.reopened", row), undo: () => void this.resolve(this.now(row)) }),
    });

  take = (row: Row) => {
    const before = row.ticket.assignee_id;
    return this.step({
      row,
      change: { assignee_id: this.tools.desk.me, ...(row.ticket.status === "queued" ? { status: "open" as const } : {}) },
      call: () => moveTicket(row.ticket.id, "take"),
      said: this.text("done.taken", row),
      undo: () => void this.assign(this.now(row), before, true),
    });
  };

  assign = (row: Row, to: Id, quiet = false): Promise<boolean> => {
    const before = row.ticket.assignee_id;
    const said = to ? this.text("done.assigned", row, { name: this.tools.memberName(to) }) : this.text("done.unassigned", row);
    return this.step({
      row,
      change: { assignee_id: to, ...(to ? (row.ticket.status === "queued" ? { status: "open" as const } : {}) : { status: "queued" as const }) },
      call: () => (to ? assignTicket(row.ticket.id, to) : changeTicket(row.ticket.id, { assignee_id: 0 })),
      ...(quiet ? {} : { said, undo: () => void this.assign(this.now(row), before, true) }),
      leaves: to !== this.tools.desk.me && !quiet,
    });
  };

  /** Hands the case to a team's queue or to a person; a note stays in the thread even when that is undone (E13). */
  transfer = (row: Row, to: TransferTarget, note = ""): Promise<boolean> => {
    const before = { team_id: row.ticket.team_id ?? 0, assignee_id: row.ticket.assignee_id ?? 0 };
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
      undo: () => void this.step({ row: this.now(row), change: before, call: () => changeTicket(row.ticket.id, before) }),
      leaves: to.kind === "team" || to.id !== this.tools.desk.me,
    });
  };

  setPriority = (row: Row, priority: Priority) => {
    const before = row.ticket.priority;
    return this.step({
      row,
      change: { priority },
      call: () => changeTicket(row.ticket.id, { priority }),
      said: this.text("done.priority", row, { priority: this.tools.t(`priority.${priority}`) }),
      undo: () => void this.step({ row: this.now(row), change: { priority: before }, call: () => changeTicket(row.ticket.id, { priority: before }) }),
    });
  };

  setTags = (row: Row, tags: Id[]) => this.step({ row, change: { tag_ids: tags }, call: () => changeTicket(row.ticket.id, { tag_ids: tags }) });

  snooze = (row: Row, until: Date) =>
    this.step({
      row,
      change: { status: "snoozed", snoozed_until: until.toISOString() },
      call: () => snoozeTicket(row.ticket.id, until.toISOString()),
      said: this.text("done.snoozed", row, { until: this.tools.moment(until) }),
      undo: () => void this.wake(this.now(row), true),
      leaves: true,
    });

  wake = (row: Row, quiet = false) =>
    this.step({
      row,
      change: { status: row.ticket.assignee_id ? "open" : "queued" },
      call: () => moveTicket(row.ticket.id, "wake"),
      ...(quiet ? {} : { said: this.text("done.woken", row) }),
    });

  /** Says whose turn it is without writing anything. */
  turn = (row: Row, status: "open" | "pending") => {
    const before = row.ticket.status;
    return this.step({
      row,
      change: { status },
      call: () => moveTicket(row.ticket.id, status),
      said: this.text(status === "open" ? "done.open" : "done.pending", row),
      undo: () => void this.step({ row: this.now(row), change: { status: before }, call: () => moveTicket(row.ticket.id, status === "open" ? "pending" : "open") }),
    });
  };

  /** Sets the reading mark back before the newest customer message (G2.7). */
  markUnread = (row: Row) => this.read(row, Math.max(0, row.last_inbound_seq - 1));
  markRead = (row: Row) => this.read(row, row.last_seq);

  private async read(row: Row, seq: number): Promise<void> {
    const { desk, problem } = this.tools;
    const putBack = desk.foresee(row.id, (now) => ({ ...now, read_seq: seq, unread: seq >= now.last_inbound_seq ? 0 : Math.max(1, now.unread) }));
    try {
      await markRead(row.id, seq);
    } catch (error) {
      putBack();
      problem(error);
    }
  }
}
