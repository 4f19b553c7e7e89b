import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { get, patch, post, remove } from "./request.ts";
import type { Attachment, Contact, Field, HeldMessage, Id, MediaKind, Message, MessagePage, Page, Row, Ticket, TimelineEntry } from "./types.ts";

/** What the list of contacts shows: the address's query. */
export interface ContactSearch {
  q?: string;
  channel?: string;
  show?: "blocked" | "open";
  sort?: "name";
}

const page = 60;

export const contactsQuery = (search: ContactSearch) =>
  infiniteQueryOptions({
    queryKey: ["contacts", search],
    queryFn: ({ pageParam, signal }) =>
      get<Page<Contact>>(
        "/contacts",
        { q: search.q, channel: search.channel, blocked: search.show === "blocked" || undefined, open: search.show === "open" || undefined, sort: search.sort, after: pageParam, limit: page },
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next || undefined,
    staleTime: 30_000,
  });

export const timelineQuery = (id: Id) =>
  infiniteQueryOptions({
    queryKey: ["contact", id, "timeline"],
    queryFn: ({ pageParam }) => get<{ items: TimelineEntry[] | null; next: number }>(`/contacts/${id}/timeline`, { before: pageParam || undefined }),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next || undefined,
  });

export const heldQuery = (id: Id) => queryOptions({ queryKey: ["contact", id, "held"], queryFn: async () => (await get<Page<HeldMessage>>(`/contacts/${id}/held-messages`)).items ?? [] });
export const fieldsQuery = queryOptions({ queryKey: ["fields"], queryFn: async () => (await get<Page<Field>>("/fields")).items ?? [], staleTime: Infinity });
export const ticketQuery = (id: Id) => queryOptions({ queryKey: ["ticket", id], queryFn: () => get<Ticket>(`/tickets/${id}`) });

export const changeTicketField = (ticket: Ticket, key: string, value: string) => patch<Ticket>(`/tickets/${ticket.id}/fields`, { fields: { [key]: value || null }, version: ticket.version });
export const blockIdentity = (id: Id, reason: string, spam: boolean) => post<Contact>(`/identities/${id}/block`, { reason, spam });
/** Decisions about a customer's opt-out, by the conversation it is about. */
export const optOut = (conversation: Id) => post<Row>(`/conversations/${conversation}/opt-out`);
export const dismissOptOut = (conversation: Id) => post<Row>(`/conversations/${conversation}/opt-out/dismiss`);
export const optIn = (conversation: Id, reason: string) => post<Row>(`/conversations/${conversation}/opt-in`, { reason });
export const unblockIdentity = (id: Id) => post<Contact>(`/identities/${id}/unblock`);

export interface Going {
  conversations: number;
  tickets: number;
  open_tickets: number;
  messages: number;
  notes: number;
}
export const deletionQuery = (id: Id) => queryOptions({ queryKey: ["contact", id, "deletion"], queryFn: () => get<Going>(`/contacts/${id}/deletion`), staleTime: 0 });
export const deleteContact = (id: Id, open: boolean) => remove<void>(`/contacts/${id}${open ? "?open=true" : ""}`);
export const deleteMessage = (id: Id) => remove<Message>(`/messages/${id}`);
export const mergeTicket = (id: Id, into: Id) => post<Row>(`/tickets/${id}/merge`, { into_id: into });
export const splitTicket = (id: Id, fromSeq: number) => post<Row>(`/tickets/${id}/split`, { from_seq: fromSeq });
export const deleteTicket = (id: Id) => remove<void>(`/tickets/${id}`);

/** What is looked for among a contact's files: a kind, and when they came; "" for any. */
export interface FileSearch {
  kind: MediaKind | "";
  since: string;
  until: string;
}

const filesAtOnce = 60;

/** A contact's files, newest first. */
export const contactFilesQuery = (id: Id, { kind, since, until }: FileSearch) =>
  infiniteQueryOptions({
    queryKey: ["contact", id, "attachments", kind, since, until],
    queryFn: ({ pageParam, signal }) => get<Page<Attachment>>(`/contacts/${id}/attachments`, { kind, since, until, after: pageParam, limit: filesAtOnce }, signal),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next || undefined,
  });

/** Every message of a conversation, oldest first. */
export async function wholeThread(id: Id): Promise<Message[]> {
  const path = `/conversations/${id}/messages`;
  const all = (await get<MessagePage>(path, { before: 2, limit: 1 })).items ?? []; // "after" begins behind the first
  for (let after = 1, more = true; more; ) {
    const page = await get<MessagePage>(path, { after, limit: 200 });
    all.push(...(page.items ?? []));
    after = all.at(-1)?.seq ?? after;
    more = page.more;
  }
  return all;
}
