import { mergeAttributes, Node } from "@tiptap/core";
import type { Answer, Source } from "./picking.ts";

/** A colleague who can be mentioned. */
export interface Person {
  id: number;
  name: string;
}

/** A colleague's name in a note, picked after "@". */
export const Mention = Node.create({
  name: "mention",
  group: "inline",
  inline: true,
  selectable: false,
  atom: true,
  addAttributes: () => ({
    id: { default: null, parseHTML: (element: HTMLElement) => Number(element.dataset["id"]) || null, renderHTML: ({ id }: Record<string, unknown>) => ({ "data-id": id }) },
    label: { default: "", parseHTML: (element: HTMLElement) => element.dataset["label"] ?? "", renderHTML: ({ label }: Record<string, unknown>) => ({ "data-label": label }) },
  }),
  parseHTML: () => [{ tag: 'span[data-type="mention"]' }],
  renderHTML: ({ node, HTMLAttributes }) => ["span", mergeAttributes({ "data-type": "mention" }, HTMLAttributes), `@${String(node.attrs["label"])}`],
  renderText: ({ node }) => `@${String(node.attrs["label"])}`,
});

/** Colleagues after "@". Japanese puts no space before a name. */
export const colleagues = (people: (query: string) => Person[]): Source => ({
  of: "mention",
  wanted: (text) => /@([^\s@\ufffc]*)$/.exec(text)?.[1] ?? null,
  find: (query) =>
    people(query).map(({ id, name }): Answer => ({ id: String(id), label: name, person: id, content: [{ type: "mention", attrs: { id, label: name } }, { type: "text", text: " " }] })),
});
