import type { Message, PartKind } from "../api/types.ts";
import type { T } from "../i18n/index.tsx";

/** A message in a line: what it says, else what it carries. */
export function excerpt(message: Message, t: T): string {
  if (message.deleted_at) return t(message.author.kind === "customer" && !message.deleted_by ? "message.unsent" : "message.deleted");
  const parts = message.parts ?? [];
  const words = parts.flatMap((part) => (part.text && part.kind !== "unknown" ? [part.text] : [])).join(" ");
  return words || parts.map((part) => part.attachment?.name ?? part.media_name ?? part.items?.map(({ id, name }) => name || id).join(", ") ?? t(`part.${part.kind as Exclude<PartKind, "text">}`)).join(", ");
}
