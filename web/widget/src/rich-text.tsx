// Message text becomes text nodes and a few elements, never markup of the sender's.
import type { Mark } from "@madoguchi/sdk";
import type { ComponentChildren } from "preact";

/** The address if a browser may follow it: http and https (and mailto, tel where `written` by an agent as a link). */
export function safeHref(address: string, written = false): string | undefined {
  try {
    const { href } = new URL(address);
    if ((written ? /^(https?|mailto|tel):/ : /^https?:/).test(href)) return href;
  } catch {
    // No address.
  }
  return undefined;
}

/** Cuts a text into plain pieces and addresses. Japanese text may follow an address without a space, so it ends at the first character outside ASCII. */
export function addresses(text: string): { text: string; href?: string }[] {
  const pieces: { text: string; href?: string }[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(/\bhttps?:\/\/[!#-;=?-~]+/gi)) {
    // A closing bracket belongs to the sentence unless the address opened one.
    const url = (/[([{]/.test(found) ? found : found.replace(/[)\]}].*/, "")).replace(/[.,:;!?'*_~]+$/, "");
    const href = safeHref(url);
    if (!href) continue;
    if (index > from) pieces.push({ text: text.slice(from, index) });
    pieces.push({ text: url, href });
    from = index + url.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

const link = (href: string, text: ComponentChildren) => (
  <a href={href} target="_blank" rel="noopener nofollow noreferrer">
    {text}
  </a>
);

const tags: Record<string, "b" | "i" | "s" | "code" | undefined> = { bold: "b", italic: "i", strike: "s", code: "code" };

/** The text with its formatting; addresses outside code become links. */
export function richText(text: string, marks: readonly Mark[] = []): ComponentChildren[] {
  const edges = [...new Set([0, text.length, ...marks.flatMap(({ start, end }) => [start, end])])].filter((edge) => edge <= text.length).sort((a, b) => a - b);
  return edges.slice(1).map((end, index) => {
    const start = edges[index] as number;
    const piece = text.slice(start, end);
    const on = marks.filter((mark) => mark.start <= start && mark.end >= end);
    const code = on.some(({ kind }) => kind === "code");
    const href = safeHref(on.find(({ kind }) => kind === "link")?.href ?? "", true);
    let shown: ComponentChildren = href ? link(href, piece) : code ? piece : addresses(piece).map((one) => (one.href ? link(one.href, one.text) : one.text));
    for (const { kind } of on) {
      const Tag = tags[kind];
      if (Tag) shown = <Tag>{shown}</Tag>;
    }
    return on.some((mark) => mark.kind === "list_item" && mark.start === start) ? ["• ", shown] : shown;
  });
}
