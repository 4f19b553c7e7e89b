import type { Id, Row } from "../api/types.ts";
import { matches, orderOf, type ListQuery } from "../list/query.ts";

/** The loaded beginning of a list; ids are in the server's order, rows lie elsewhere. */
export interface List {
  readonly query: ListQuery;
  readonly ids: readonly Id[];
  /** Cursor of what comes next, "" at the end. */
  readonly next: string;
  /** When it was read: an order that depends on the time keeps to it until it is read again. */
  readonly asOf: number;
  readonly state: "loading" | "ready" | "failed";
  readonly error?: unknown;
  /** The next page is on its way. */
  readonly more: boolean;
}

export const emptyList = (query: ListQuery): List => ({ query, ids: [], next: "", asOf: Date.now(), state: "loading", more: false });

/**
 * Puts a changed row where it belongs now: in, out or elsewhere. Rows that belong behind the loaded part are left to
 * later pages. Gives the same list when nothing changed.
 */
export function place(list: List, row: Row, rows: ReadonlyMap<Id, Row>, me: Id): List {
  const at = list.ids.indexOf(row.id);
  if (!matches(list.query, row, me)) return at < 0 ? list : { ...list, ids: list.ids.toSpliced(at, 1) };
  const order = orderOf(list.query);
  const others = at < 0 ? list.ids : list.ids.toSpliced(at, 1);
  const to = search(others, row, rows, (a, b) => order(a, b, list.asOf));
  if (to === at) return list;
  if (to === others.length && list.next !== "") return at < 0 ? list : { ...list, ids: others };
  return { ...list, ids: others.toSpliced(to, 0, row.id) };
}

/** Brings a list that was just read up to what changed while it was: those rows stand where they belong now. */
export const caughtUp = (list: List, changed: ReadonlySet<Id>, rows: ReadonlyMap<Id, Row>, me: Id): List =>
  [...changed].reduce((now, id) => {
    const row = rows.get(id);
    return row ? place(now, row, rows, me) : now;
  }, list);

/** A row as it is once the viewer has read so far: unread is what is news to them (G2.7); how much, the server says. */
export const readTo = (row: Row, seq: number): Row => ({ ...row, read_seq: seq, unread: seq < row.last_inbound_seq && row.concerns ? Math.max(1, row.unread) : 0 });

/** First position whose row comes after `row`. */
function search(ids: readonly Id[], row: Row, rows: ReadonlyMap<Id, Row>, order: (a: Row, b: Row) => number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = rows.get(ids[middle] ?? 0);
    if (other && order(other, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds a further page; what moved up meanwhile is not doubled. */
export function append(list: List, ids: readonly Id[], next: string): List {
  const known = new Set(list.ids);
  return { ...list, ids: [...list.ids, ...ids.filter((id) => !known.has(id))], next, more: false };
}
