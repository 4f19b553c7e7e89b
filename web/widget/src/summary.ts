import type { Message } from "@madoguchi/sdk";

/** A message in one line: what it says, or what it carries. */
export function summary(message: Message): string {
  return message.parts
    .map((part) => part.text || part.attachment?.name || part.location?.label || "")
    .filter(Boolean)
    .join(" ")
    .slice(0, 200);
}
