import type { Id, Member, Row, Team } from "../api/types.ts";
import type { Patch } from "../live/frames.ts";

/** Kinds that the member wants no sound and sign of; known once the browser was idle. */
export const muted = new Set<string>();

/** Whether a patch is worth a notification: a customer wrote to me, or to nobody yet where I may take it, or a case became mine (G6.1). */
export function wanted(patch: Patch, row: Row, me: Id, free = true): boolean {
  const { message } = patch;
  if (!message) return false;
  const assignee = row.ticket.assignee_id;
  if (message.author.kind === "customer" && message.version <= 1) return (assignee === me || (!assignee && free)) && !muted.has("message");
  const params = message.system?.params;
  return message.system?.code === "assigned" && !muted.has("assigned") && params?.["assignee_id"] === String(me) && assignee === me && params["by"] !== params["name"];
}

/** Whether a case that nobody has is for a member to take: they are online, and in its team, which hands out nothing (G7.6). */
export const mayTake = (row: Row, { user_id, availability }: Pick<Member, "user_id" | "availability">, teams: readonly Team[] = []): boolean =>
  availability === "online" && (!row.ticket.team_id || teams.some(({ id, mode, member_ids }) => id === row.ticket.team_id && mode === "manual" && member_ids?.includes(user_id)));
