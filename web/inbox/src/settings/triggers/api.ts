import type { components } from "@madoguchi/api";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { get, post, put, remove } from "../../api/request.ts";
import type { Id, Page } from "../../api/types.ts";

type Schemas = components["schemas"];
export type Trigger = Schemas["Trigger"];
export type TriggerBody = Schemas["TriggerBody"];
export type TriggerDraft = Schemas["TriggerDraft"];
export type TriggerTrial = Schemas["TriggerTrial"];
export type TriggerRun = Schemas["TriggerRun"];
export type TriedStep = Schemas["TriedStep"];
export type Finding = Schemas["Finding"];

/** All triggers, in their order. */
export const triggersQuery = queryOptions({ queryKey: ["triggers"], queryFn: async () => (await get<Page<Trigger>>("/triggers")).items ?? [], staleTime: 0 });

const runsAtOnce = 50;

/** What a trigger did, newest first: all of it, only where something was not done, only for the ticket of a number (0 = any). */
export const runsQuery = (id: Id, refused: boolean, ticket: number) =>
  infiniteQueryOptions({
    queryKey: ["triggers", id, "runs", refused, ticket],
    queryFn: async ({ pageParam: below }) => {
      const query = new URLSearchParams({ limit: String(runsAtOnce), ...(refused && { refused: "true" }), ...(ticket && { ticket: String(ticket) }), ...(below && { below: String(below) }) });
      return (await get<Page<TriggerRun>>(`/triggers/${id}/runs?${query}`)).items ?? [];
    },
    initialPageParam: 0,
    getNextPageParam: (last) => (last.length === runsAtOnce ? last.at(-1)?.id : undefined),
    staleTime: 0,
  });
export const addTrigger = (body: TriggerBody) => post<Trigger>("/triggers", body, { idempotencyKey: crypto.randomUUID() });
export const editTrigger = (id: Id, body: TriggerBody & { version: number }) => put<Trigger>(`/triggers/${id}`, body);
export const orderTriggers = (ids: Id[]) => put<void>("/triggers/order", { ids });
export const removeTrigger = (id: Id) => remove<void>(`/triggers/${id}`);
export const tryTrigger = (trigger: TriggerDraft, after: string) => post<TriggerTrial>("/triggers/trial", { trigger, ...(after && { after }) });
export const standingTickets = (id: Id, trigger: TriggerDraft) => post<Schemas["StandingTickets"]>("/triggers/standing", { trigger, ...(id && { id }) });
