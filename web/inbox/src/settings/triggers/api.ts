import type { components } from "@madoguchi/api";
import { queryOptions } from "@tanstack/react-query";
import { get, post, put, remove } from "../../api/request.ts";
import type { Id, Page } from "../../api/types.ts";

type Schemas = components["schemas"];
export type Trigger = Schemas["Trigger"];
export type TriggerBody = Schemas["TriggerBody"];
export type TriggerDraft = Schemas["TriggerDraft"];
export type TriggerTrial = Schemas["TriggerTrial"];
export type TriggerRun = Schemas["TriggerRun"];

/** All triggers, in their order. */
export const triggersQuery = queryOptions({ queryKey: ["triggers"], queryFn: async () => (await get<Page<Trigger>>("/triggers")).items ?? [], staleTime: 0 });
export const runsQuery = (id: Id) => queryOptions({ queryKey: ["triggers", id, "runs"], queryFn: async () => (await get<Page<TriggerRun>>(`/triggers/${id}/runs`)).items ?? [], staleTime: 0 });
export const addTrigger = (body: TriggerBody) => post<Trigger>("/triggers", body, { idempotencyKey: crypto.randomUUID() });
export const editTrigger = (id: Id, body: TriggerBody & { version: number }) => put<Trigger>(`/triggers/${id}`, body);
export const orderTriggers = (ids: Id[]) => put<void>("/triggers/order", { ids });
export const removeTrigger = (id: Id) => remove<void>(`/triggers/${id}`);
export const tryTrigger = (trigger: TriggerDraft, after: string) => post<TriggerTrial>("/triggers/trial", { trigger, ...(after && { after }) });
