import type { Sort, ViewName } from "../api/types.ts";

/** What the inbox shows, as it stands in the address: a view, its filters, the conversation. Lists are "1,2,3". */
export interface InboxSearch {
  view?: ViewName;
  team_id?: string;
  channel?: string;
  status?: string;
  assignee?: string;
  team?: string;
  tag?: string;
  priority?: string;
  unread?: string;
  since?: string;
  until?: string;
  sort?: Sort;
  /** The open conversation. */
  c?: string;
  /** Seq of a message to show. */
  m?: string;
}

const names = ["view", "team_id", "channel", "status", "assignee", "team", "tag", "priority", "unread", "since", "until", "sort", "c", "m"] as const;
const safe = /^[\w,:.\-+]{1,200}$/;

/** Keeps what we know of an address's query. */
export function inboxSearch(search: Record<string, unknown>): InboxSearch {
  const kept: Record<string, string> = {};
  for (const name of names) {
    const value = search[name];
    if ((typeof value === "string" || typeof value === "number") && safe.test(String(value))) kept[name] = String(value);
  }
  return kept as InboxSearch;
}
