import { useQuery } from "@tanstack/react-query";
import { createContext, useContext, useMemo, type ReactNode } from "react";
import { channelsQuery, knownChannelsQuery, membersQuery, specsQuery, tagsQuery, teamsQuery } from "../api/desk.ts";
import type { Channel, Id, Member, Spec, Tag, Team } from "../api/types.ts";

interface Directory {
  members: readonly Member[];
  teams: readonly Team[];
  tags: readonly Tag[];
  channels: readonly Channel[];
  /** With deleted ones. */
  known: readonly Channel[];
  specs: readonly Spec[];
}

const none: never[] = [];
const DirectoryContext = createContext<Directory>({ members: none, teams: none, tags: none, channels: none, known: none, specs: none });

/** Who and what there is in the workspace, looked up once for all rows and panes. */
export function DirectoryProvider({ children }: { children: ReactNode }) {
  const { data: members = none } = useQuery(membersQuery);
  const { data: teams = none } = useQuery(teamsQuery);
  const { data: tags = none } = useQuery(tagsQuery);
  const { data: channels = none } = useQuery(channelsQuery);
  const { data: known = none } = useQuery(knownChannelsQuery);
  const { data: specs = none } = useQuery(specsQuery);
  const directory = useMemo(() => ({ members, teams, tags, channels, known, specs }), [members, teams, tags, channels, known, specs]);
  return <DirectoryContext.Provider value={directory}>{children}</DirectoryContext.Provider>;
}

/** Whether all of it was read: until then, what is not there may only be unknown. */
export const useDirectoryRead = () => Object.values(useContext(DirectoryContext)).every((one) => one !== none);

export const useMembers = () => useContext(DirectoryContext).members;
export const useTeams = () => useContext(DirectoryContext).teams;
export const useTags = () => useContext(DirectoryContext).tags;
export const useChannels = () => useContext(DirectoryContext).channels;
/** Every channel that conversations are of, deleted ones, too (H3). */
export const useKnownChannels = () => useContext(DirectoryContext).known;
export const useSpecs = () => useContext(DirectoryContext).specs;
export const useMember = (id: Id | undefined): Member | undefined => useMembers().find((member) => member.user_id === id);
