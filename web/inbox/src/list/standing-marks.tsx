import { BellOff, TimerOff, UserX } from "lucide-react";
import type { ReactNode } from "react";
import type { Row } from "../api/types.ts";
import type { T } from "../i18n/index.tsx";
import { hoursMinutes, listWindow, urgency } from "../standing/window.ts";
import { Badge } from "../ui/badge.tsx";

interface Told {
  key: "row.opted_out" | "row.unreachable" | "row.window_closed" | "row.window_closing";
  ms: number;
}

/** What a row says of how the customer stands: the gravest thing, or nothing. A finished case has no window to watch. */
export function told(row: Row, now: Date): Told | null {
  if (row.standing?.opted_out_at) return { key: "row.opted_out", ms: 0 };
  if (row.standing?.unreachable) return { key: "row.unreachable", ms: 0 };
  if (row.ticket.status === "resolved") return null;
  const window = listWindow(row, now.getTime());
  if (window === "closed") return { key: "row.window_closed", ms: 0 };
  return window === "closing" ? { key: "row.window_closing", ms: Date.parse(row.reply_until ?? "") - now.getTime() } : null;
}

/** The same in words. */
export const toldWords = (t: T, { key, ms }: Told): string => t(key, { time: hoursMinutes(ms) });

const signs: Record<Exclude<Told["key"], "row.window_closing">, ReactNode> = {
  "row.opted_out": <BellOff size={13} aria-hidden />,
  "row.unreachable": <UserX size={13} aria-hidden />,
  "row.window_closed": <TimerOff size={13} aria-hidden />,
};

/** The same as a sign. */
export function StandingMark({ t, mark }: { t: T; mark: Told }) {
  const title = toldWords(t, mark);
  if (mark.key === "row.window_closing")
    return (
      <Badge look={urgency(mark.ms)} title={title}>
        <TimerOff size={10} aria-hidden />
        {hoursMinutes(mark.ms)}
      </Badge>
    );
  return (
    <span title={title} className="text-faint">
      {signs[mark.key]}
    </span>
  );
}
