import type { components } from "@madoguchi/api";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { address, get, post } from "../../api/request.ts";
import type { Id, Page } from "../../api/types.ts";
import { asked, type AuditSearch } from "./search.ts";

export type AuditEntry = components["schemas"]["AuditEntry"];
export type AuditAction = AuditEntry["action"];
export type ObjectKind = AuditEntry["object"]["kind"];
export type Change = AuditEntry["changes"][number];
export type Verdict = components["schemas"]["AuditVerdict"];

const page = 50;

export const auditQuery = (search: AuditSearch, zone: string) =>
  infiniteQueryOptions({
    queryKey: ["audit", search, zone],
    queryFn: ({ pageParam, signal }) => get<Page<AuditEntry>>("/audit", { ...asked(search, zone), after: pageParam, limit: page }, signal),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next || undefined,
    staleTime: 0,
  });

/** When a channel was last disabled, and by whom; null where the log does not say. */
export const stoppedQuery = (channel: Id, version: number) =>
  queryOptions({
    queryKey: ["audit", "stopped", channel, version],
    queryFn: async () => (await get<Page<AuditEntry>>("/audit", { object_kind: "channel", object_id: channel, action: "channel.disabled", limit: 1 })).items?.[0] ?? null,
    refetchInterval: ({ state }) => state.data === null && state.dataUpdateCount < 10 && 1000, // the log is written a moment after the change
  });

export const verifyAudit = () => post<Verdict>("/audit/verify");

/** Where the browser gets the entries as a file. */
export const auditFile = (search: AuditSearch, zone: string, format: "csv" | "json") => address("/audit/export", { ...asked(search, zone), format });
