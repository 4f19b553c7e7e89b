// From the conversation's entries to the lines of the log: days, cases, the unread line, groups by sender.
import type { Entry } from "@madoguchi/sdk";
import { otherDay } from "./when.ts";

/** One thing in the log. */
export type Line =
  | { kind: "day"; key: string; at: string }
  | { kind: "case"; key: string }
  | { kind: "unread"; key: string }
  | { kind: "system"; key: string; entry: Entry }
  /** `first` and `last` of what one sender said within five minutes; `tail`: the customer's last one, which shows how far it came. */
  | { kind: "message"; key: string; entry: Entry; first: boolean; last: boolean; tail: boolean };

const together = 5 * 60_000;

/** Builds the lines. `readSeq` is where the unread line stands: above the first message to the customer after it. */
export function linesOf(entries: readonly Entry[], readSeq: number): Line[] {
  const lines: Line[] = [];
  const tail = entries.filter((entry) => entry.message.mine).at(-1);
  let before: Entry["message"] | undefined;
  let open: Extract<Line, { kind: "message" }> | undefined;
  let unread = false;
  let ticket = 0;
  const cut = (line: Line) => {
    lines.push(line);
    open = undefined;
  };
  for (const entry of entries) {
    const { key, message } = entry;
    if (!before || otherDay(before.at, message.at)) cut({ kind: "day", key: `day${key}`, at: message.at });
    if (ticket && message.ticket_id && message.ticket_id !== ticket) cut({ kind: "case", key: `case${message.ticket_id}` });
    ticket = message.ticket_id || ticket;
    const system = message.author.kind === "system";
    if (!unread && !system && !message.mine && message.seq > readSeq && readSeq) {
      unread = true;
      cut({ kind: "unread", key: "unread" });
    }
    if (system) {
      if (message.system?.code !== "ticket_opened") cut({ kind: "system", key, entry });
    } else {
      const first =
        !open ||
        !before ||
        before.author.kind !== message.author.kind ||
        before.author.name !== message.author.name ||
        Date.parse(message.at) - Date.parse(before.at) > together;
      if (open && !first) open.last = false;
      open = { kind: "message", key, entry, first, last: true, tail: entry === tail };
      lines.push(open);
    }
    before = message;
  }
  return lines;
}
