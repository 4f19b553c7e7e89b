import type { Message } from "../api/types.ts";

/** What a transcript says in its reader's language. */
export interface Words {
  unnamed: string;
  note: string;
  deleted: string;
  file: (name: string) => string;
}

/** Whether a message belongs into a transcript: what was said, and internal notes only where they are wanted. */
export const spoken = (message: Message, notes: boolean): boolean => (message.author.kind === "note" ? notes : message.author.kind !== "system");

/** A message's words, its files by their names. */
export function textOf(message: Message, words: Words): string {
  if (message.deleted_at) return words.deleted;
  return (message.parts ?? [])
    .map((part) => part.text || (part.attachment ? words.file(part.attachment.name) : part.location?.label || ""))
    .filter(Boolean)
    .join("\n");
}

/** The transcript as plain text. */
export function plain(heading: string, messages: readonly Message[], at: (instant: string) => string, words: Words): string {
  const said = messages.map((message) => {
    const name = message.author.name || words.unnamed;
    const who = message.author.kind === "note" ? `${name} (${words.note})` : name;
    return `[${at(message.at)}] ${who}\n${textOf(message, words)}\n`;
  });
  return `${heading}\n\n${said.join("\n")}`;
}
