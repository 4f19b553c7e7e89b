import type { AuthorKind, Item, Message, Part } from "../api/types.ts";

/** What a transcript says in its reader's language. */
export interface Words {
  unnamed: string;
  note: string;
  deleted: string;
  /** Who speaks, where nobody has a name: the desk's automatic messages do not. */
  authors: Readonly<Record<AuthorKind, string>>;
  file: (name: string) => string;
  /** A part without a word and without a file that is here. */
  part: (kind: Part["kind"]) => string;
  choices: (labels: string) => string;
  place: (where: string) => string;
  /** An ordered item, with count and price. */
  item: (item: Item) => string;
  /** What became of a message that did not, or perhaps not, arrive. */
  undelivered: Readonly<Partial<Record<Message["status"], string>>>;
}

/** Whether a message belongs into a transcript: what was said, and internal notes only where they are wanted. */
export const spoken = (message: Message, notes: boolean): boolean => (message.author.kind === "note" ? notes : message.author.kind !== "system");

/** Who said it. */
export const speaker = ({ author }: Message, words: Words): string => author.name || (author.kind === "customer" ? words.unnamed : words.authors[author.kind]);

/** What to know beside the name: it is internal, or did not arrive. */
export const remark = ({ author, status }: Message, words: Words): string | undefined => (author.kind === "note" ? words.note : words.undelivered[status]);

/** A message's words, its files by their names. */
export function textOf(message: Message, words: Words): string {
  if (message.deleted_at) return words.deleted;
  return (message.parts ?? []).flatMap((part) => lines(part, words)).join("\n");
}

/** A part in lines: the text that came with it, and what it is besides. */
function lines(part: Part, words: Words): string[] {
  const text = part.text ? [part.text] : [];
  const { lat, lng, label } = part.location ?? {};
  switch (part.kind) {
    case "text":
      return text;
    case "choices":
      return [...text, words.choices((part.choices ?? []).map((choice) => choice.label).join(" / "))];
    case "cards":
      return [...text, ...(part.cards ?? []).map(({ name, org, phones, emails }) => [name, org, ...(phones ?? []), ...(emails ?? [])].filter(Boolean).join(", "))];
    case "order":
    case "product":
      return [words.part(part.kind), ...(part.items ?? []).map((item) => words.item(item))];
    case "location":
      return [...text, words.place([label, lat !== undefined && lng !== undefined && `${lat.toFixed(5)}, ${lng.toFixed(5)}`].filter(Boolean).join(", "))];
    default: {
      const name = part.attachment?.name || part.media_name;
      return [...text, name ? words.file(name) : words.part(part.kind)];
    }
  }
}

/** The transcript as plain text. */
export function plain(heading: string, messages: readonly Message[], at: (instant: string) => string, words: Words): string {
  const said = messages.map((message) => {
    const beside = remark(message, words);
    return `[${at(message.at)}] ${speaker(message, words)}${beside ? ` (${beside})` : ""}\n${textOf(message, words)}\n`;
  });
  return `${heading}\n\n${said.join("\n")}`;
}
