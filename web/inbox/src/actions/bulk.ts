import { editConversations } from "../api/desk.ts";
import { isOffline } from "../api/problem.ts";
import type { BulkChange, BulkEdit, BulkResult, Id, Priority, Row, Tag } from "../api/types.ts";
import type { Key, T } from "../i18n/index.tsx";
import { mostSelected, type Selection } from "../list/selection.ts";
import type { Desk } from "../live/desk.ts";

interface Tools {
  desk: Desk;
  t: T;
  selection: Selection;
  moment: (at: Date) => string;
  memberName: (id: Id) => string;
  teamName: (id: Id) => string;
  say: (text: string) => void;
  undoable: (text: string, undo: () => void) => void;
  problem: (error: unknown) => void;
  /** Called before rows may leave the list; what it gives is called after they did, to move on. */
  leaving: (...ids: Id[]) => () => void;
}

interface Job {
  rows: readonly Row[];
  edit: BulkEdit;
  /** What is said about those that changed, with {count}. */
  said: Key;
  values?: Record<string, string>;
  /** They stay selected: more may be done to them. */
  keeps?: boolean;
}

/** How often a request whose answer got lost is sent again; its key keeps it from being done twice. */
const attempts = 3;

/**
 * What can be done to many conversations at once (G1.10). The server answers for each: what changed can be taken back
 * together, what failed stays selected and is listed with its reason.
 */
export class BulkWork {
  private readonly tools: Tools;
  /** One after the other: an undo waits for what runs. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(tools: Tools) {
    this.tools = tools;
  }

  private async step({ rows, edit, said, values = {}, keeps = false }: Job): Promise<void> {
    const { desk, selection, t, say, undoable, leaving } = this.tools;
    const ids = rows.map(({ id }) => id).slice(0, mostSelected);
    if (ids.length === 0 || (!keeps && selection.now().busy > 0)) return; // pressed twice
    const left = leaving(...ids);
    const results = await this.send([{ ...edit, conversation_ids: ids }]);
    if (!results) return;
    desk.flush();
    left();
    const done = results.filter(({ outcome }) => outcome !== "failed").map(({ conversation_id }) => conversation_id);
    if (!keeps) selection.drop(done);
    if (!keeps && done.length === results.length) selection.choose(false);
    const changed = results.filter(({ outcome }) => outcome === "changed");
    if (changed.length > 0) undoable(t(said, { count: changed.length, ...values }), () => void this.back(changed));
    else if (done.length > 0) say(t("bulk.unchanged", { count: done.length }));
  }

  /** Sends what leads back. */
  private async back(changed: readonly BulkResult[]): Promise<void> {
    const { desk, t, say } = this.tools;
    const results = await this.send(wayBack(changed));
    if (!results) return;
    desk.flush();
    const done = results.filter(({ outcome }) => outcome !== "failed").length;
    if (done > 0) say(t("bulk.undone", { count: done }));
  }

  private send(changes: BulkChange[]): Promise<BulkResult[] | undefined> {
    const count = changes.reduce((sum, { conversation_ids }) => sum + conversation_ids.length, 0);
    this.tools.selection.work(count);
    const sent = this.last.then(() => this.sendNow(changes, count));
    this.last = sent;
    return sent;
  }

  /** Gives what became of each, undefined if nothing is known of any; failures are listed. */
  private async sendNow(changes: BulkChange[], count: number): Promise<BulkResult[] | undefined> {
    const { desk, selection, problem } = this.tools;
    selection.work(count);
    selection.fail([]);
    try {
      const results = await sendSurely(changes);
      for (const { row } of results) if (row) desk.putRow(row);
      selection.fail(results.flatMap(({ conversation_id, problem }) => (problem ? [{ id: conversation_id, reason: problem.detail }] : [])));
      return results;
    } catch (error) {
      problem(error);
      return undefined;
    } finally {
      selection.work(0);
    }
  }

  resolve = (rows: readonly Row[]) => this.step({ rows, edit: { status: "resolved" }, said: "bulk.resolved" });
  reopen = (rows: readonly Row[]) => this.step({ rows: rows.filter(({ ticket }) => ticket.status === "resolved"), edit: { status: "open" }, said: "bulk.reopened" });
  wake = (rows: readonly Row[]) => this.step({ rows: rows.filter(({ ticket }) => ticket.status === "snoozed"), edit: { status: "open" }, said: "bulk.woken" });

  assign = (rows: readonly Row[], to: Id) =>
    to
      ? this.step({ rows, edit: { assignee_id: to }, said: "bulk.assigned", values: { name: this.tools.memberName(to) } })
      : this.step({ rows, edit: { assignee_id: 0 }, said: "bulk.unassigned" });

  /** Hands the cases to a team's queue. */
  transfer = (rows: readonly Row[], team: Id) => this.step({ rows, edit: { team_id: team, assignee_id: 0 }, said: "bulk.transferred", values: { name: this.tools.teamName(team) } });

  setPriority = (rows: readonly Row[], priority: Priority) =>
    this.step({ rows, edit: { priority }, said: "bulk.priority", values: { priority: this.tools.t(`priority.${priority}`) }, keeps: true });

  /** Puts a tag on all of them, or takes it off. */
  tag = (rows: readonly Row[], tag: Tag, on: boolean) =>
    this.step({ rows, edit: on ? { add_tag_ids: [tag.id] } : { remove_tag_ids: [tag.id] }, said: on ? "bulk.tagged" : "bulk.untagged", values: { tag: tag.name }, keeps: true });

  snooze = (rows: readonly Row[], until: Date) =>
    this.step({ rows: rows.filter(({ ticket }) => ticket.status !== "resolved"), edit: { status: "snoozed", snoozed_until: until.toISOString() }, said: "bulk.snoozed", values: { until: this.tools.moment(until) } });

  markRead = (rows: readonly Row[], read: boolean) => this.step({ rows, edit: { read }, said: read ? "bulk.read" : "bulk.unread", keeps: true });
}

/** What takes changes back, in as few pieces as there are different ways. */
export function wayBack(changed: readonly Pick<BulkResult, "conversation_id" | "before">[]): BulkChange[] {
  const ways = new Map<string, BulkChange>();
  for (const { conversation_id, before } of changed) {
    if (!before) continue;
    const way = JSON.stringify(before);
    const known = ways.get(way) ?? { ...before, conversation_ids: [] };
    ways.set(way, { ...known, conversation_ids: [...known.conversation_ids, conversation_id] });
  }
  return [...ways.values()];
}

async function sendSurely(changes: BulkChange[]): Promise<BulkResult[]> {
  const key = crypto.randomUUID();
  for (let attempt = 1; ; attempt++) {
    try {
      return await editConversations(changes, key);
    } catch (error) {
      if (!isOffline(error) || attempt === attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
    }
  }
}
