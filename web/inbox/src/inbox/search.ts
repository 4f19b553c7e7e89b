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
  window?: string;
  sla?: string;
  language?: string;
  contact?: string;
  attachment?: string;
  unread?: string;
  since?: string;
  until?: string;
  sort?: Sort;
  /** The saved view that all this is from; alone in the address, it says what it is. */
  saved?: string;
  /** The open conversation. */
  c?: string;
  /** Seq of a message to show. */
  m?: string;
  /** The customer is shown over the conversation, where there is no room beside it. */
  over?: "customer";
  /** Search is open, for this kind of thing. */
  find?: string;
  /** What is searched for. */
  q?: string;
  /** The channel that is searched. */
  in?: string;
  /** The first day that is searched. */
  from?: string;
}

const names = ["view", "team_id", "channel", "status", "assignee", "team", "tag", "priority", "window", "sla", "language", "contact", "attachment", "unread", "since", "until", "sort", "saved", "c", "m", "over", "find", "in", "from"] as const;
const safe = /^[\w,:.\-+]{1,200}$/;

/** Keeps what we know of an address's query. */
export function inboxSearch(search: Record<string, unknown>): InboxSearch {
  const kept: Record<string, string> = {};
  for (const name of names) {
    const value = search[name];
    if ((typeof value === "string" || typeof value === "number") && safe.test(String(value))) kept[name] = String(value);
  }
  const words = search["q"];
  if ((typeof words === "string" || typeof words === "number") && kept["find"]) kept["q"] = String(words).slice(0, 200);
  return kept as InboxSearch;
}
