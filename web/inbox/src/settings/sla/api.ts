import type { components } from "@madoguchi/api";
import { queryOptions } from "@tanstack/react-query";
import { get, post, put, remove } from "../../api/request.ts";
import type { Id, Page, Priority } from "../../api/types.ts";

/** The calls of the SLA page. */
type Schemas = components["schemas"];

export type Metric = keyof Schemas["SLATargets"];
export type Targets = Partial<Record<Priority, Partial<Record<Metric, number>>>>;
export interface Policy {
  id: Id;
  name: string;
  team_ids?: Id[] | null;
  schedule_id: Id;
  targets: Targets | null;
}
export type PolicyBody = Omit<Policy, "id">;
export type Example = Schemas["SLAExample"];
export type WaitAlert = Schemas["WaitAlert"];

export const metrics: readonly Metric[] = ["first_response", "next_response", "resolution"];

export const policiesQuery = queryOptions({ queryKey: ["sla-policies"], queryFn: async () => (await get<Page<Policy>>("/sla-policies")).items ?? [], staleTime: 0 });
export const waitAlertsQuery = queryOptions({ queryKey: ["wait-alerts"], queryFn: async () => (await get<Page<WaitAlert>>("/wait-alerts")).items ?? [], staleTime: 0 });
export const exampleQuery = (schedule: Id, minutes: number) =>
  queryOptions({ queryKey: ["sla-example", schedule, minutes], queryFn: () => get<Example>(`/sla-example?schedule_id=${schedule}&minutes=${minutes}`), enabled: minutes > 0 });

export const addPolicy = (body: PolicyBody) => post<Policy>("/sla-policies", body, { idempotencyKey: crypto.randomUUID() });
export const editPolicy = (id: Id, body: PolicyBody) => put<Policy>(`/sla-policies/${id}`, body);
export const removePolicy = (id: Id) => remove<void>(`/sla-policies/${id}`);
export const orderPolicies = (ids: Id[]) => put<void>("/sla-policies/order", { ids });
export const editWaitAlerts = (items: WaitAlert[]) => put<void>("/wait-alerts", { items });
