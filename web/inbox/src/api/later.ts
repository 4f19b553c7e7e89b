import { queryOptions } from "@tanstack/react-query";
import { fetchDrafts, fetchRow, saveDraft } from "./desk.ts";
import { get, post, put, remove } from "./request.ts";
import { joined } from "../composer/joined.ts";
import type { Id, Instant, Message, NewMessage, Page, Part, Reminder, Row, Scheduled } from "./types.ts";

/** When a reply goes out: at an instant, or after the seconds in which it may be taken back. */
export interface Later {
  send_at?: Instant;
  undo_seconds?: number;
  unless_answered?: boolean;
}

const bare = (parts: readonly Part[]): Part[] => parts.map(({ attachment: _attachment, ...part }) => part);

/** Replies of a conversation that wait, the next one first. */
export const scheduledQuery = (id: Id) => queryOptions({ queryKey: ["scheduled", id], queryFn: async () => (await get<Page<Scheduled>>(`/conversations/${id}/scheduled-messages`)).items ?? [], staleTime: 30_000 });
export const schedule = (id: Id, { mode: _mode, ...message }: NewMessage, later: Later) => post<Scheduled>(`/conversations/${id}/scheduled-messages`, { ...message, ...later, parts: bare(message.parts) });
export const reschedule = (one: Scheduled, to: { send_at?: Instant; unless_answered?: boolean; parts?: Part[] }) => put<Scheduled>(`/scheduled-messages/${one.id}`, { ...to, ...(to.parts ? { parts: bare(to.parts) } : {}), version: one.version });
export const takeBack = (id: Id) => remove<Scheduled>(`/scheduled-messages/${id}`);
export const sendNow = (id: Id) => post<Message>(`/scheduled-messages/${id}/send`);
/** When a conversation's channel opens next, if it is closed now. */
export const openingQuery = (id: Id) => queryOptions({ queryKey: ["opening", id], queryFn: () => get<{ open: boolean; at?: Instant }>(`/conversations/${id}/opening`), staleTime: 60_000 });

export const remind = (id: Id, want: { at: Instant; unless_answered: boolean; note: string }) => put<Reminder>(`/conversations/${id}/reminder`, want);
export const forgetReminder = (id: Id) => remove<void>(`/conversations/${id}/reminder`);

/** Opens the conversation of an identity, which may begin with that. */
export const startConversation = (contact: Id, identity_id: Id) => post<Row>(`/contacts/${contact}/conversations`, { identity_id });

/**
 * The same with what is to be said there: it stands before what is drafted. Files that no message has come along; those of a message
 * that did not arrive stay with it. Tells whether any had to.
 */
export async function carryTo(contact: Id, identity: Id, parts: readonly Part[]): Promise<{ row: Row; left: boolean }> {
  const row = await startConversation(contact, identity);
  const carried = parts.filter(({ kind, attachment }) => kind === "text" || (attachment && !attachment.message_id));
  const left = parts.some((part) => part.attachment && !carried.includes(part));
  if (carried.length === 0) return { row, left };
  const there = (await fetchDrafts(row.id)).find(({ mode }) => mode === "reply");
  await saveDraft(row.id, { mode: "reply", parts: bare(joined(carried, there?.parts ?? [])), reply_to_id: there?.reply_to_id ?? 0 });
  return { row: await fetchRow(row.id), left };
}
