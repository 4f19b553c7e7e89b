import { useQuery } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { channelsQuery, membersQuery, specsQuery, tagsQuery, teamsQuery } from "../api/desk.ts";
import type { Channel, Id, Member, Spec, Tag, Team } from "../api/types.ts";
import type { Action, ActionContext } from "../actions/index.ts";
import type { ListQuery } from "../list/query.ts";
import type { ComposerLink, Shown } from "./links.ts";
import type { InboxSearch } from "./search.ts";

/** What the panes of the inbox share. */
export interface Inbox {
  search: InboxSearch;
  query: ListQuery;
  /** Changes the address: filters, view, conversation. */
  go: (change: InboxSearch, options?: { replace?: boolean }) => void;
  /** The open conversation, 0 if none. */
  open: Id;
  /** Opens a conversation; `focus` moves the focus to its heading. */
  show: (id: Id, focus?: boolean) => void;
  close: () => void;
  actions: ActionContext;
  invoke: (action: Action) => void;
  shown: Shown;
  composer: ComposerLink;
}

export const InboxContext = createContext<Inbox | null>(null);

/** The inbox around the panes. */
export function useInbox(): Inbox {
  const inbox = useContext(InboxContext);
  if (!inbox) throw new Error("useInbox outside of InboxPage");
  return inbox;
}

const none: never[] = [];

export const useMembers = (): readonly Member[] => useQuery(membersQuery).data ?? none;
export const useTeams = (): readonly Team[] => useQuery(teamsQuery).data ?? none;
export const useTags = (): readonly Tag[] => useQuery(tagsQuery).data ?? none;
export const useChannels = (): readonly Channel[] => useQuery(channelsQuery).data ?? none;
export const useSpecs = (): readonly Spec[] => useQuery(specsQuery).data ?? none;
export const useMember = (id: Id | undefined): Member | undefined => useMembers().find((member) => member.user_id === id);
