import { infiniteQueryOptions } from "@tanstack/react-query";
import { get } from "../api/request.ts";
import type { Found, FoundContact, FoundConversation, FoundWithin, Hit, Id } from "../api/types.ts";
import { dayStart } from "../i18n/days.ts";
import type { InboxSearch } from "../inbox/search.ts";

export const kinds = ["all", "message", "note", "file", "ticket", "contact"] as const;
export type FindKind = (typeof kinds)[number];

/** What is looked for, as it stands in the address. */
export interface Wanted {
  text: string;
  kind: FindKind;
  channel: string;
  since: string;
}

export const wanted = (search: InboxSearch): Wanted => ({
  text: (search.q ?? "").trim(),
  kind: kinds.find((kind) => kind === search.find) ?? "all",
  channel: search.in ?? "",
  since: search.from ?? "",
});

export const find = (query: Record<string, string | number>, signal?: AbortSignal) => get<Found>("/search", query, signal);

/** Everything found in one conversation, newest first. */
export async function findWithin(id: Id, text: string, signal?: AbortSignal): Promise<Hit[]> {
  const hits: Hit[] = [];
  for (let before = 0; ; ) {
    const page = await get<FoundWithin>(`/conversations/${id}/search`, { q: text, ...(before && { before }) }, signal);
    hits.push(...page.items);
    before = page.next;
    if (!before) return hits;
  }
}

/** Everything found, page by page; its days are those of a zone. */
export const findQuery = ({ text, kind, channel, since }: Wanted, zone: string) =>
  infiniteQueryOptions({
    queryKey: ["find", text, kind, channel, since, zone],
    queryFn: ({ pageParam, signal }) => find({ q: text, kind: kind === "all" ? "" : kind, channel, since: since && dayStart(since, zone), after: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
    enabled: text !== "",
    staleTime: 15_000,
  });

/** Pages as one: a conversation or contact that comes again on a later page is told once, with all its hits. */
export function together(pages: readonly Found[]): { contacts: FoundContact[]; conversations: FoundConversation[] } {
  const contacts = new Map<number, FoundContact>();
  const conversations = new Map<number, FoundConversation>();
  for (const page of pages) {
    for (const contact of page.contacts) if (!contacts.has(contact.id)) contacts.set(contact.id, contact);
    for (const found of page.conversations) {
      const before = conversations.get(found.row.id);
      conversations.set(found.row.id, before ? { ...before, hits: [...before.hits, ...found.hits], more: found.more } : found);
    }
  }
  return { contacts: [...contacts.values()], conversations: [...conversations.values()] };
}
