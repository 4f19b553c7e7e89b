import type { components } from "@madoguchi/api";
import { queryOptions } from "@tanstack/react-query";
import { get, remove } from "../../api/request.ts";
import type { Id, Page } from "../../api/types.ts";

export type BrowserSession = components["schemas"]["BrowserSession"];

const items = async (path: string) => (await get<Page<BrowserSession>>(path)).items ?? [];
const pulseMs = 60_000;

export const sessionsQuery = queryOptions({ queryKey: ["sessions"], queryFn: () => items("/sessions"), staleTime: 0, refetchInterval: pulseMs });
export const memberSessionsQuery = (member: Id) => queryOptions({ queryKey: ["sessions", member], queryFn: () => items(`/members/${member}/sessions`), staleTime: 0, refetchInterval: pulseMs });

export const endSession = (id: Id) => remove<void>(`/sessions/${id}`);
export const endOtherSessions = () => remove<void>("/sessions");
export const endMemberSession = (member: Id, id: Id) => remove<void>(`/members/${member}/sessions/${id}`);
export const endMemberSessions = (member: Id) => remove<void>(`/members/${member}/sessions`);
