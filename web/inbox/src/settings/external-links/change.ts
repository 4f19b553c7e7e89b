import { useQueryClient } from "@tanstack/react-query";
import { get } from "../../api/request.ts";
import { sessionQuery } from "../../api/session.ts";
import type { Session, Workspace } from "../../api/types.ts";
import type { ExternalLink } from "../../customer/links.ts";
import { editWorkspace } from "../api.ts";

/** Changes the links as they are on the server by now: they are kept as one list, and of two who save at one instant the second is refused. */
export function useChangeLinks(): (change: (now: readonly ExternalLink[]) => ExternalLink[]) => Promise<void> {
  const queries = useQueryClient();
  return async (change) => {
    const now = await get<Workspace>("/workspace");
    const kept = await editWorkspace({ external_links: change(now.external_links), external_links_seen: now.external_links });
    queries.setQueryData<Session>(sessionQuery.queryKey, (session) => session && { ...session, workspace: kept });
  };
}

const alike = (a: ExternalLink) => (b: ExternalLink) => a.name === b.name && a.url === b.url;

/** The links with one put in the place of another, or at their end. */
export const putLink = (now: readonly ExternalLink[], was: ExternalLink | null, next: ExternalLink): ExternalLink[] => {
  const at = was ? now.findIndex(alike(was)) : -1;
  return at < 0 ? [...now, next] : now.with(at, next);
};

/** The links without one. */
export const dropLink = (now: readonly ExternalLink[], gone: ExternalLink): ExternalLink[] => {
  const at = now.findIndex(alike(gone));
  return at < 0 ? [...now] : now.toSpliced(at, 1);
};

/** The links with one moved up or down. */
export const moveLink = (now: readonly ExternalLink[], one: ExternalLink, by: 1 | -1): ExternalLink[] => {
  const at = now.findIndex(alike(one));
  return at < 0 ? [...now] : now.toSpliced(at, 1).toSpliced(at + by, 0, one);
};
