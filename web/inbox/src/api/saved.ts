import { queryOptions } from "@tanstack/react-query";
import { get, post, put, remove } from "./request.ts";
import type { Id, Page, SavedView, SavedViewBody } from "./types.ts";

/** The saved views that the viewer sees, in their order; news of changes has them read again. */
export const savedViewsQuery = queryOptions({ queryKey: ["saved_views"], queryFn: async () => (await get<Page<SavedView>>("/saved-views")).items ?? [], staleTime: 60_000 });

export const addSavedView = (body: SavedViewBody) => post<SavedView>("/saved-views", body, { idempotencyKey: crypto.randomUUID() });
export const editSavedView = (id: Id, body: SavedViewBody & { version: number }) => put<SavedView>(`/saved-views/${id}`, body);
export const removeSavedView = (id: Id) => remove<void>(`/saved-views/${id}`);
/** Puts views that the viewer may change in another order; they share out the places they have. */
export const orderSavedViews = (ids: Id[]) => post<void>("/saved-views/order", { ids });
