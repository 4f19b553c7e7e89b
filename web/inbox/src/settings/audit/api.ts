import type { components } from "@madoguchi/api";
import { infiniteQueryOptions } from "@tanstack/react-query";
import { address, get, post } from "../../api/request.ts";
import type { Page } from "../../api/types.ts";
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

export const verifyAudit = () => post<Verdict>("/audit/verify");

/** Where the browser gets the entries as a file. */
export const auditFile = (search: AuditSearch, zone: string, format: "csv" | "json") => address("/audit/export", { ...asked(search, zone), format });
