import type { Channel, Instant, Message, Row, Spec } from "../api/types.ts";
import { mayWrite, replyWindow } from "../standing/window.ts";

/** States in which a channel sends, if perhaps late. */
type Sending = "active" | "degraded" | "rate_limited" | "awaiting_test";

/** States in which it does not. */
export type Stuck = Exclude<Channel["state"], Sending>;

const sending: readonly Channel["state"][] = ["active", "degraded", "rate_limited", "awaiting_test"] satisfies Sending[];
const stuck = (state: Channel["state"]): state is Stuck => !sending.includes(state);

/** Why a reply cannot go out now. Notes always can (C2.2). */
export type Closed =
  | { why: "blocked" }
  | { why: "channel"; state: Stuck }
  | { why: "opted_out"; at: Instant }
  /** `waiting`: a template went out, and nobody answered yet. `spent`: the channel counts, and nothing is left. */
  | { why: "window"; waiting: boolean; spent: boolean };

/** A conversation's channel; the directory holds none that is deleted (H3). */
export const stateOf = (id: Row["channel_id"], channels: readonly Channel[]): Pick<Channel, "state"> | undefined => channels.find((one) => one.id === id) ?? (channels.length > 0 ? { state: "deleted" } : undefined);

/** What stands in the way of a reply, the gravest first; null if nothing does. The server looks again (C2.4). */
export function closedFor(row: Row, channel: Pick<Channel, "state"> | undefined, spec: Spec | undefined, now: Date): Closed | null {
  if (row.contact.blocked) return { why: "blocked" };
  if (channel && stuck(channel.state)) return { why: "channel", state: channel.state };
  if (row.standing?.opted_out_at) return { why: "opted_out", at: row.standing.opted_out_at };
  const window = replyWindow(row.standing, spec?.window, now);
  if (window && !mayWrite(window.state)) return { why: "window", waiting: window.state === "template_sent", spent: window.left === 0 };
  return null;
}

/** What stands in the way of sending a message of ours again: a template needs no window, and what only members may use is none for machines. */
export function closedForAgain({ author, template }: Pick<Message, "author" | "template">, row: Row, channel: Pick<Channel, "state"> | undefined, spec: Spec | undefined, now: Date): Closed | null {
  const closed = closedFor(row, channel, spec, now);
  if (template) return closed?.why === "window" ? null : closed;
  const membersOnly = author.kind !== "human" && replyWindow(row.standing, spec?.window, now)?.state === "human";
  return closed ?? (membersOnly ? { why: "window", waiting: false, spent: false } : null);
}

/** Whether something is worth knowing though a reply can go out. */
export const worthWarning = ({ standing }: Row, channel: Channel | undefined): boolean =>
  channel?.state === "degraded" || channel?.state === "rate_limited" || Boolean(standing?.suspected_at || standing?.unreachable);
