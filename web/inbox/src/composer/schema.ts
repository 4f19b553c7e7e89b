import { Schema, type DOMOutputSpec, type MarkSpec, type NodeSpec } from "@tiptap/pm/model";
import { safeHref } from "../thread/spans.ts";

const of = (tag: string): DOMOutputSpec => [tag, 0];

const nodes = {
  doc: { content: "block+" },
  paragraph: { content: "inline*", group: "block", parseDOM: [{ tag: "p" }], toDOM: () => of("p") },
  text: { group: "inline" },
  bulletList: { content: "listItem+", group: "block", parseDOM: [{ tag: "ul" }], toDOM: () => of("ul") },
  listItem: { content: "paragraph block*", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => of("li") },
  hardBreak: { inline: true, group: "inline", selectable: false, leafText: () => "\n", parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
  // A colleague's name in a note, picked after "@".
  mention: {
    inline: true,
    group: "inline",
    selectable: false,
    atom: true,
    attrs: { id: { default: null }, label: { default: "" } },
    leafText: ({ attrs }) => `@${String(attrs["label"])}`,
    parseDOM: [{ tag: 'span[data-type="mention"]', getAttrs: ({ dataset }: HTMLElement) => ({ id: Number(dataset["id"]) || null, label: dataset["label"] ?? "" }) }],
    toDOM: ({ attrs }) => ["span", { "data-type": "mention", "data-id": attrs["id"] as number, "data-label": attrs["label"] as string }, `@${String(attrs["label"])}`],
  },
} satisfies Record<string, NodeSpec>;

const marks = {
  // Addresses become links where messages are shown; here are those made by hand or pasted.
  link: {
    attrs: { href: {} },
    inclusive: false,
    parseDOM: [{ tag: "a[href]", getAttrs: (element: HTMLElement) => (safeHref(element.getAttribute("href") ?? "") ? { href: element.getAttribute("href") } : false) }],
    toDOM: ({ attrs }) => ["a", { href: attrs["href"] as string, rel: "noopener noreferrer nofollow" }, 0],
  },
  bold: {
    parseDOM: [{ tag: "strong" }, { tag: "b", getAttrs: ({ style }: HTMLElement) => style.fontWeight !== "normal" && null }, { style: "font-weight", getAttrs: (weight: string) => /^(bold(er)?|[5-9]\d{2,})$/.test(weight) && null }],
    toDOM: () => of("strong"),
  },
  italic: { parseDOM: [{ tag: "em" }, { tag: "i", getAttrs: ({ style }: HTMLElement) => style.fontStyle !== "normal" && null }, { style: "font-style=italic" }], toDOM: () => of("em") },
  strike: { parseDOM: [{ tag: "s" }, { tag: "del" }, { tag: "strike" }, { style: "text-decoration=line-through" }], toDOM: () => of("s") },
  code: { code: true, excludes: "_", parseDOM: [{ tag: "code" }], toDOM: () => of("code") },
} satisfies Record<string, MarkSpec>;

/** What can be written: only what channels carry, in ProseMirror's terms. */
export const schema = new Schema<keyof typeof nodes, keyof typeof marks>({ nodes, marks });

/** The formatting that a button or a key switches. */
export type Format = Exclude<keyof typeof marks, "link"> | "bulletList";
