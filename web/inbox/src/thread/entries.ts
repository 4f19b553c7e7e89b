import type { Message } from "../api/types.ts";

/** What the thread shows, from top to bottom. */
export type Entry =
  | { kind: "day"; key: string; at: string }
  | { kind: "unread"; key: string }
  /** What happened, one after the other with nothing said in between. */
  | { kind: "system"; key: string; messages: Message[] }
  /** `first` of a group shows who speaks, `last` shows time and ticks. */
  | { kind: "message"; key: string; message: Message; first: boolean; last: boolean };

const togetherMs = 5 * 60_000;

const spoken = (message: Message) => message.author.kind !== "system";
const together = (a: Message | undefined, b: Message | undefined) =>
  a !== undefined && b !== undefined && spoken(a) && spoken(b) && a.author.kind === b.author.kind && a.author.id === b.author.id && Math.abs(Date.parse(b.at) - Date.parse(a.at)) < togetherMs;

/**
 * Lays messages out: a line for each day, the unread line above the first customer message after `readSeq`, and groups
 * of one speaker within 5 minutes.
 */
export function entries(messages: readonly Message[], readSeq: number | null, dayOf: (at: Date) => number): Entry[] {
  const result: Entry[] = [];
  let day: number | null = null;
  let divided = readSeq === null;
  const breaks = new Set<number>(); // indexes before which a group cannot go on
  messages.forEach((message, i) => {
    const today = dayOf(new Date(message.at));
    if (today !== day) breaks.add(i);
    day = today;
    if (!divided && readSeq !== null && message.seq > readSeq && message.author.kind === "customer") {
      breaks.add(i);
      divided = true;
    }
  });
  day = null;
  divided = readSeq === null;
  messages.forEach((message, i) => {
    const today = dayOf(new Date(message.at));
    if (today !== day) result.push({ kind: "day", key: `day-${today}`, at: message.at });
    day = today;
    if (!divided && readSeq !== null && message.seq > readSeq && message.author.kind === "customer") {
      result.push({ kind: "unread", key: "unread" });
      divided = true;
    }
    const key = message.client_id || String(message.id);
    const before = result.at(-1);
    if (message.system && before?.kind === "system") return before.messages.push(message);
    if (message.system) return result.push({ kind: "system", key, messages: [message] });
    const first = breaks.has(i) || !together(messages[i - 1], message);
    const last = breaks.has(i + 1) || !together(message, messages[i + 1]);
    return result.push({ kind: "message", key, message, first, last });
  });
  return result;
}

/** A day of the thread and what it shows. */
export interface Day {
  key: string;
  at: string;
  shows: Exclude<Entry, { kind: "day" }>[];
}

/** Puts what stands below each line of a day together: the line stays in sight while its own day is, and no longer. */
export function byDay(all: readonly Entry[]): Day[] {
  const days: Day[] = [];
  for (const entry of all) {
    if (entry.kind === "day") days.push({ key: entry.key, at: entry.at, shows: [] });
    else days.at(-1)?.shows.push(entry);
  }
  return days;
}

/**
 * What is drawn first: the last so many, or from right above the unread line half as many more, as they may be short, below the
 * line of their day. By and by there are `more` on either side.
 */
export function inSightFirst(all: readonly Entry[], count: number, more = 0): readonly Entry[] {
  const unread = all.findIndex(({ kind }) => kind === "unread");
  const to = unread < 0 ? all.length : Math.min(all.length, unread + Math.ceil(1.5 * count) + more);
  const from = Math.max(0, Math.min(all.length - count, unread < 0 ? all.length : unread - 2) - more);
  const drawn = all.slice(from, to);
  const day = all.slice(0, from).findLast(({ kind }) => kind === "day");
  return !day || drawn[0]?.kind === "day" ? drawn : [day, ...drawn];
}
