import type { Message } from "../api/types.ts";

/** The loaded stretch of a conversation's messages, in screen order (G2.2): as a rule its end. */
export interface Thread {
  readonly items: readonly Message[];
  /** There are older ones on the server. */
  readonly older: boolean;
  /** There are newer ones on the server: what is shown is a stretch of the past. */
  readonly newer: boolean;
  readonly state: "loading" | "ready" | "failed";
  readonly error?: unknown;
  /** Others are on their way. */
  readonly more: boolean;
  /** Of a stretch of the past: the newest seq there was when it was left, and how many messages were said since. */
  readonly end: number;
  readonly fresh: number;
  /** Seq up to which the customer has read. */
  readonly seen: number;
  /** Where the viewer wants to be: as a rule at what is unread, from the past also at the very end. */
  readonly wanted: "unread" | "end";
}

export const emptyThread: Thread = { items: [], older: false, newer: false, state: "loading", more: false, end: 0, fresh: 0, seen: 0, wanted: "unread" };

const order = (a: Message, b: Message) => (a.at === b.at ? a.seq - b.seq : a.at < b.at ? -1 : 1);

/** Merges messages in: known ones are replaced by newer versions, the rest is put in order. */
export function merge(items: readonly Message[], news: readonly Message[]): readonly Message[] {
  const byId = new Map(items.map((message) => [message.id, message]));
  let changed = false;
  for (const message of news) {
    const known = byId.get(message.id);
    if (known && known.version >= message.version) continue;
    byId.set(message.id, message);
    changed = true;
  }
  return changed ? [...byId.values()].sort(order) : items;
}

/** Seq of the oldest loaded message, 0 if none. */
export const firstSeq = (thread: Thread) => thread.items.reduce((least, { seq }) => (least === 0 || seq < least ? seq : least), 0);

/** Seq of the newest loaded message, 0 if none. */
export const lastSeq = (thread: Thread) => thread.items.reduce((most, { seq }) => Math.max(most, seq), 0);

const bySeq = (items: readonly Message[]) => items.map(({ seq }) => seq).sort((a, b) => a - b);

/** The first so many by seq: a late message stands elsewhere on the screen (G2.2), and those after the last one are read by seq. */
export function beginning(items: readonly Message[], count: number): readonly Message[] {
  const last = bySeq(items)[count - 1] ?? Infinity;
  return items.filter(({ seq }) => seq <= last);
}

/** The last so many by seq. */
export function ending(items: readonly Message[], count: number): readonly Message[] {
  const first = bySeq(items).at(-count) ?? 0;
  return items.filter(({ seq }) => seq >= first);
}

/** Whether the loaded stretch has a seq, if the conversation has it at all. */
export const covers = (thread: Thread, seq: number) => (!thread.older || firstSeq(thread) <= seq) && (!thread.newer || seq <= lastSeq(thread));

/**
 * How far the viewer has read, for the unread line: null where nothing of the customer's is unread, or where the line's place is
 * above what is loaded.
 */
export const readWithin = (thread: Thread, readSeq: number): number | null => (readSeq < lastInboundSeq(thread) && (!thread.older || firstSeq(thread) <= readSeq + 1) ? readSeq : null);

/** Seq of the newest customer message, 0 if none. */
export const lastInboundSeq = (thread: Thread) => thread.items.reduce((most, { seq, author }) => (author.kind === "customer" ? Math.max(most, seq) : most), 0);
