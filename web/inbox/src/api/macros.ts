import { queryOptions } from "@tanstack/react-query";
import type { components } from "@madoguchi/api";
import { get, post, put, remove } from "./request.ts";
import type { Id, Page, Row } from "./types.ts";

type Schemas = components["schemas"];
export type Macro = Schemas["Macro"];
export type MacroAction = Schemas["Action"];
export type MacroStep = Schemas["MacroStep"];
export type MacroBody = Schemas["MacroBody"];

/** The macros that the viewer may run or look after. */
export const macrosQuery = queryOptions({ queryKey: ["macros"], queryFn: async () => (await get<Page<Macro>>("/macros")).items ?? [], staleTime: 30_000 });
/** SLA policies by name. */
export const policiesQuery = queryOptions({ queryKey: ["sla-policies"], queryFn: async () => (await get<Page<Schemas["SLAPolicy"]>>("/sla-policies")).items ?? [], staleTime: 0 });
export const addMacro = (body: MacroBody) => post<Macro>("/macros", body, { idempotencyKey: crypto.randomUUID() });
export const editMacro = (id: Id, body: MacroBody & { version: number }) => put<Macro>(`/macros/${id}`, body);
export const removeMacro = (id: Id) => remove<void>(`/macros/${id}`);

/** What a macro would do now; the last step says why if it cannot. */
export const macroPreviewQuery = (conversation: Id, macro: Id) =>
  queryOptions({ queryKey: ["macro-preview", conversation, macro], queryFn: async () => (await post<Page<MacroStep>>(`/conversations/${conversation}/macros/${macro}/preview`)).items ?? [], gcTime: 0, retry: false });
export const runMacro = (conversation: Id, macro: Id, key: string) => post<Row>(`/conversations/${conversation}/macros/${macro}`, { client_id: key });
