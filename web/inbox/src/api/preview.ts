import type { components } from "@madoguchi/api";
import { post } from "./request.ts";
import type { Id, Part } from "./types.ts";

export type Preview = components["schemas"]["MessagePreview"];

/** How a reply will look at the customer's; nothing is sent. */
export const previewReply = (conversation: Id, parts: readonly Part[], signal?: AbortSignal) =>
  post<Preview>(`/conversations/${conversation}/preview`, { parts: parts.map(({ attachment: _attachment, ...part }) => part) }, { signal });
