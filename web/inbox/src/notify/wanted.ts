import type { Id, Row } from "../api/types.ts";
import type { Patch } from "../live/frames.ts";

/** Whether a patch is worth a notification: a customer wrote to me or to nobody yet, or a case became mine (G6.1, G7.6). */
export function wanted(patch: Patch, row: Row, me: Id): boolean {
  const { message } = patch;
  if (!message) return false;
  const assignee = row.ticket.assignee_id;
  if (message.author.kind === "customer" && message.version <= 1) return assignee === me || !assignee;
  const params = message.system?.params;
  return message.system?.code === "assigned" && params?.["assignee_id"] === String(me) && assignee === me && params["by"] !== params["name"];
}
