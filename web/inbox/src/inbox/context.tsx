import { createContext, useContext } from "react";
import type { Id } from "../api/types.ts";
import type { Action, ActionContext, Controls } from "../actions/index.ts";
import type { ListQuery } from "../list/query.ts";
import type { Selection } from "../list/selection.ts";
import type { ComposerLink, Shown, ThreadLink } from "./links.ts";
import type { InboxSearch } from "./search.ts";

/** What the list and what stands around it share: it stays the same while one steps from conversation to conversation. */
export interface Listing {
  /** The address without the conversation. */
  search: Omit<InboxSearch, "c" | "over">;
  query: ListQuery;
  /** Changes the address: filters, view, conversation. */
  go: (change: InboxSearch, options?: { replace?: boolean }) => void;
  selection: Selection;
  shown: Shown;
  /** Whether a conversation is open. */
  reading: boolean;
  controls: Controls;
  composer: ComposerLink;
}

/** What the panes of the inbox share. */
export interface Inbox {
  search: InboxSearch;
  query: ListQuery;
  go: Listing["go"];
  /** The open conversation, 0 if none. */
  open: Id;
  /** Opens a conversation; `focus` moves the focus to its heading. */
  show: (id: Id, focus?: boolean) => void;
  close: () => void;
  /** What is done to the open conversation, whatever is selected. */
  actions: ActionContext;
  /** What keys and the palette do: to what is selected, else to the open conversation. */
  commands: ActionContext;
  selection: Selection;
  invoke: (action: Action) => void;
  shown: Shown;
  composer: ComposerLink;
  thread: ThreadLink;
}

export const ListingContext = createContext<Listing | null>(null);
export const InboxContext = createContext<Inbox | null>(null);

/** The list's side of the inbox, for who does not need to know which conversation is open: a step through the list does not draw it anew. */
export function useListing(): Listing {
  const listing = useContext(ListingContext);
  if (!listing) throw new Error("useListing outside of InboxPage");
  return listing;
}

/** The inbox around the panes. */
export function useInbox(): Inbox {
  const inbox = useContext(InboxContext);
  if (!inbox) throw new Error("useInbox outside of InboxPage");
  return inbox;
}
