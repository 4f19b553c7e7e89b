import { queryOptions } from "@tanstack/react-query";
import type { components } from "@madoguchi/api";
import { get, post } from "./request.ts";
import type { Id, Locale, Message, Page } from "./types.ts";

type Schemas = components["schemas"];

export type Template = Schemas["Template"];
export type Notification = Schemas["Notification"];
export type TemplateUse = Schemas["PostTemplateMessageBody"];

/** A kind of channel with its own words, which the server gives in the viewer's language. */
export const kindQuery = (kind: string, locale: Locale) =>
  queryOptions({ queryKey: ["channel-kinds", kind, locale], queryFn: () => get<Schemas["ChannelKind"]>(`/channel-kinds/${kind}`), staleTime: Infinity });

export const templatesQuery = (channel: Id) => queryOptions({ queryKey: ["channel", channel, "templates"], queryFn: async () => (await get<Page<Template>>(`/channels/${channel}/templates`)).items ?? [], staleTime: 30_000 });

/** Sends a template; the same client_id again does not send it twice. */
export const sendTemplate = (conversation: Id, use: TemplateUse & { client_id: string }) => post<Message>(`/conversations/${conversation}/template-messages`, use);

/** What I was told beside conversations, the newest first; live news and reconnecting ask again. */
export const notificationsQuery = queryOptions({ queryKey: ["notifications"], queryFn: async () => (await get<Page<Notification>>("/notifications")).items ?? [], staleTime: Infinity });
