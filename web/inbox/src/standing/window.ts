import type { Instant, Row, Spec } from "../api/types.ts";

/** How a person stands towards us: whether and until when they may be written to. */
export type Standing = NonNullable<Row["standing"]>;

/** What people see of a window (C1.10), as the server's desk decides it. */
export type WindowState = "open" | "closing" | "human" | "template_sent" | "closed";

export interface ReplyWindow {
  state: WindowState;
  /** When it ends: by then a member may write no more. */
  until: Instant | undefined;
  /** Messages left, where the channel counts them. */
  left: number | undefined;
}

const minute = 60_000;
/** Under these a countdown is amber, and red (C2.3). */
export const amberMs = 60 * minute;
export const redMs = 10 * minute;

const after = (at: Instant | undefined, now: Date) => at !== undefined && Date.parse(at) > now.getTime();

/** The window at an instant; undefined on channels without one. */
export function replyWindow(standing: Standing | undefined, window: Spec["window"] | undefined, now: Date): ReplyWindow | undefined {
  if (!window) return undefined;
  const left = standing?.counted ? (standing.window_left ?? 0) : undefined;
  if (after(standing?.window_until, now) && left !== 0) {
    const rest = Date.parse(standing?.window_until ?? "") - now.getTime();
    return { state: rest < amberMs ? "closing" : "open", until: standing?.window_until, left };
  }
  if (after(standing?.human_until, now)) return { state: "human", until: standing?.human_until, left: undefined };
  return { state: standing?.template_at ? "template_sent" : "closed", until: undefined, left };
}

/** Whether a member may write in this state. */
export const mayWrite = (state: WindowState): boolean => state === "open" || state === "closing" || state === "human";

/** What lists know of a row's window: until when a member may write (G1.4); undefined on channels without one. */
export type ListWindow = "open" | "closing" | "closed";

/** The same at an instant, as the server's list sees it. */
export function listWindow({ reply_until }: Row, now: number): ListWindow | undefined {
  if (!reply_until) return undefined;
  const left = Date.parse(reply_until) - now;
  return left <= 0 ? "closed" : left < amberMs ? "closing" : "open";
}

/** How urgent what is left is (C2.3). */
export function urgency(ms: number): "neutral" | "warn" | "danger" {
  return ms < redMs ? "danger" : ms < amberMs ? "warn" : "neutral";
}

/** "h:mm", as windows are counted down; a started minute is not promised any more. */
export function hoursMinutes(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / minute));
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}
