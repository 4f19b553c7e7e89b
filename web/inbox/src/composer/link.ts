import { Mark, mergeAttributes } from "@tiptap/core";
import { safeHref } from "../thread/spans.ts";

/**
 * A link mark. TipTap's own brings a tokenizer for every top-level domain (8 kB gzip); we turn addresses into links
 * where messages are shown, so the editor only has to keep those made by hand or pasted.
 */
export const Link = Mark.create({
  name: "link",
  inclusive: false,
  addAttributes: () => ({ href: { default: null, parseHTML: (element: HTMLElement) => safeHref(element.getAttribute("href") ?? "") || null } }),
  parseHTML: () => [{ tag: "a[href]", getAttrs: (element: HTMLElement) => (safeHref(element.getAttribute("href") ?? "") ? null : false) }],
  renderHTML: ({ HTMLAttributes }) => ["a", mergeAttributes(HTMLAttributes, { rel: "noopener noreferrer nofollow" }), 0],
});
