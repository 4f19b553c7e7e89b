import type { Message, Row } from "../api/types.ts";

/** A row for tests; what matters is overridden. */
export function aRow(id: number, over: Omit<Partial<Row>, "ticket"> & { ticket?: Partial<Row["ticket"]> } = {}): Row {
  const { ticket, ...rest } = over;
  return {
    id, channel_id: 1, channel_kind: "webchat", identity_id: id + 50, contact: { id: id + 100, name: `customer ${id}`, blocked: false },
    ticket: { id: id + 1000, number: id, status: "open", priority: "normal", assignee_id: 1, team_id: 0, tag_ids: [], ...ticket },
    preview: { author: "customer", name: "", kind: "text", text: "hello" },
    last_activity_at: `2026-11-21T00:00:${String(id % 60).padStart(2, "0")}.000Z`,
    last_seq: 5, last_inbound_seq: 5, read_seq: 5, unread: 0, concerns: true, draft: false, failed: false, version: 1, ...rest,
  };
}

/** A message for tests. */
export function aMessage(seq: number, over: Partial<Message> = {}): Message {
  const at = `2026-11-21T00:00:${String(seq % 60).padStart(2, "0")}.000Z`;
  return {
    id: seq + 10_000, conversation_id: 1, ticket_id: 1001, seq, author: { kind: "customer", id: 101, name: "" }, parts: [{ kind: "text", text: `message ${seq}` }],
    status: "", at, received_at: at, late: false, version: 1, ...over,
  };
}
