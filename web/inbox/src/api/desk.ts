import { queryOptions } from "@tanstack/react-query";
import { get, patch, post, put, remove, request, readWithinMs } from "./request.ts";
import type {
  Attachment, Availability, BulkChange, BulkResult, CannedReply, Channel, Contact, ContactNote, Counts, CustomAvailability, Draft, Id, Instant, LinkPreview, Member, Message, MessagePage, NewMessage, Page, Reminder, Row, Spec, Tag, Team, Ticket,
} from "./types.ts";

/** Calls of the inbox, one function per operation of the contract. */
export const fetchRows = (query: Record<string, string | number | boolean | undefined>, signal?: AbortSignal) => get<Page<Row>>("/conversations", query, signal);
export const fetchRow = (id: Id) => get<Row>(`/conversations/${id}`);
export const fetchMessages = (id: Id, at: { before?: number; after?: number; from_ticket?: Id; limit?: number }) => get<MessagePage>(`/conversations/${id}/messages`, at);
export const fetchMessage = (id: Id) => get<Message>(`/messages/${id}`);
/** One message that is not loaded with its thread; live patches keep it fresh. */
export const messageQuery = (id: Id) => queryOptions({ queryKey: ["message", id], queryFn: () => fetchMessage(id), staleTime: Infinity });
export const sendMessage = (id: Id, message: NewMessage) =>
  post<Message>(`/conversations/${id}/messages`, { ...message, parts: message.parts.map(({ attachment: _attachment, ...part }) => part) }, { withinMs: readWithinMs });
/** What the page behind a link of a message says of itself. */
export const previewLink = (id: Id, url: string) => post<LinkPreview>(`/messages/${id}/link-preview`, { url });
export const fetchFiles = (id: Id) => post<Message>(`/messages/${id}/fetch`);
/** Says that a message of which the provider told nothing arrived. */
export const messageArrived = (id: Id) => post<Message>(`/messages/${id}/arrived`);
export const retryMessage = (id: Id) => post<Message>(`/messages/${id}/retry`);
/** Sets the desk's emoji on a customer's message; none takes it back. */
export const reactTo = (id: Id, emoji: string) => put<Message>(`/messages/${id}/reaction`, { emoji });
export const markRead = (id: Id, seq: number) => put<void>(`/conversations/${id}/read`, { seq });
export const saveDraft = (id: Id, draft: Pick<Draft, "mode" | "parts" | "reply_to_id">, keepalive = false) => request<void>("PUT", `/conversations/${id}/draft`, { json: draft, keepalive });
export const fetchDrafts = async (id: Id) => (await get<Page<Draft>>(`/conversations/${id}/drafts`)).items ?? [];

export interface TicketChange {
  assignee_id?: Id;
  team_id?: Id;
  priority?: string;
  tag_ids?: Id[];
}
export const changeTicket = (id: Id, change: TicketChange) => patch<Row>(`/tickets/${id}`, change);
export const moveTicket = (id: Id, move: "take" | "join" | "leave" | "take-over" | "wake" | "resolve" | "reopen" | "pending" | "open") => post<Row>(`/tickets/${id}/${move}`);
export const assignTicket = (id: Id, assignee_id: Id) => post<Row>(`/tickets/${id}/assign`, { assignee_id });
export const transferTicket = (id: Id, to: { team_id?: Id; assignee_id?: Id; note?: string }) => post<Row>(`/tickets/${id}/transfer`, to);
export const snoozeTicket = (id: Id, until: Instant) => post<Row>(`/tickets/${id}/snooze`, { until });

/** Changes many conversations; the same key again does not do it twice. */
export const editConversations = async (changes: BulkChange[], idempotencyKey: string) => (await post<Page<BulkResult>>("/conversations/bulk", { changes }, { idempotencyKey })).items;

export const changeContact = (id: Id, change: Partial<Pick<Contact, "name" | "email" | "phone" | "locale" | "fields">> & { version: number }) => patch<Contact>(`/contacts/${id}`, change);
export const addContactNote = (id: Id, text: string) => post<ContactNote>(`/contacts/${id}/notes`, { body: text }, { idempotencyKey: crypto.randomUUID() });
export const changeContactNote = (id: Id, text: string) => patch<ContactNote>(`/contact-notes/${id}`, { body: text });
export const removeContactNote = (id: Id) => remove<void>(`/contact-notes/${id}`);
export const setAvailability = (availability: Availability, custom_id = 0) => put<void>("/availability", { availability, custom_id });
export const availabilitiesQuery = queryOptions({ queryKey: ["availabilities"], queryFn: () => get<{ items: CustomAvailability[] }>("/availabilities").then(({ items }) => items) });
export const savePreferences = (preferences: Record<string, unknown>, keepalive = false) => request<void>("PUT", "/preferences", { json: preferences, keepalive });
export const loadDemo = () => post<void>("/demo");

const list = <T>(key: string, path: string, staleTime = Infinity) => queryOptions({ queryKey: [key], queryFn: async () => (await get<Page<T>>(path)).items ?? [], staleTime });

/** What live patches keep fresh, so it never goes stale by itself. */
export const membersQuery = list<Member>("members", "/members");
export const teamsQuery = list<Team>("teams", "/teams");
export const tagsQuery = list<Tag>("tags", "/tags");
/** Deleted channels, too, as long as there are conversations of theirs: what was said there has a name (H3). */
export const knownChannelsQuery = list<Channel>("channels", "/channels?deleted=true");
const living = (all: Channel[]) => all.filter(({ state }) => state !== "deleted");
export const channelsQuery = { ...knownChannelsQuery, select: living };
export const countsQuery = queryOptions({ queryKey: ["counts"], queryFn: () => get<Counts>("/conversations/counts"), staleTime: Infinity });
export const specsQuery = queryOptions({
  queryKey: ["channel-kinds"],
  queryFn: async () => {
    const answer = await get<Spec[] | Page<Spec>>("/channel-kinds");
    return Array.isArray(answer) ? answer : answer.items;
  },
  staleTime: Infinity,
});
export const demoQuery = queryOptions({ queryKey: ["demo"], queryFn: () => get<{ loaded: boolean }>("/demo") });

export const contactQuery = (id: Id) => queryOptions({ queryKey: ["contact", id], queryFn: () => get<Contact>(`/contacts/${id}`) });
export const contactTicketsQuery = (id: Id) => queryOptions({ queryKey: ["contact", id, "tickets"], queryFn: async () => (await get<Page<Ticket>>(`/contacts/${id}/tickets`)).items ?? [] });
export const contactRowsQuery = (id: Id) => queryOptions({ queryKey: ["contact", id, "conversations"], queryFn: async () => (await get<Page<Row>>(`/contacts/${id}/conversations`)).items ?? [] });
export const contactNotesQuery = (id: Id) => queryOptions({ queryKey: ["contact", id, "notes"], queryFn: async () => (await get<Page<ContactNote>>(`/contacts/${id}/notes`)).items ?? [] });

/** The canned replies that the viewer may use. */
export const cannedQuery = queryOptions({ queryKey: ["canned"], queryFn: async () => (await get<Page<CannedReply>>("/canned-replies")).items ?? [], staleTime: 60_000 });
/** Takes a canned reply into a message: its files come as uploads of the viewer's. */
export const takeCanned = async (id: Id) => (await post<{ files: Attachment[] | null }>(`/canned-replies/${id}/uses`)).files ?? [];

/** The viewer's reminders, the next one first. */
export const remindersQuery = list<Reminder>("reminders", "/reminders");
