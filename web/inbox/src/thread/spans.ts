import type { Mark, MarkKind, Part } from "../api/types.ts";

/** A stretch of text with the same formatting all over. */
export interface Span {
  text: string;
  marks: Mark[];
}

/** A line of a message; `item` lines belong to a list. */
export interface Line {
  item: boolean;
  spans: Span[];
}

const webAddress = /\bhttps?:\/\/[^\s<>"'「」『』（）、。]+[^\s<>"'「」『』（）、。.,:;!?)\]}]/g;
const safeAddress = /^(?:https?:\/\/[^\s/?#]|mailto:[^\s]|tel:\+?[\d])/i;

/** The address if it may become a link, else "": only web, mail and telephone ever do, and none that carries a name before its host. */
export function safeHref(href: string | undefined): string {
  if (!href || !safeAddress.test(href)) return "";
  try {
    const { protocol, username, password } = new URL(href);
    return ["http:", "https:", "mailto:", "tel:"].includes(protocol) && !username && !password ? href : "";
  } catch {
    return "";
  }
}

/** Whether words that look like a web address lead to another host than they say. */
export function deceives(words: string, href: string): boolean {
  const said = /^\s*(?:https?:\/\/)?((?:[^\s/?#@:.]+\.)+[^\s/?#@:.\d]{2,})(?:[:/?#]\S*)?\s*$/i.exec(words)?.[1];
  return said !== undefined && /^https?:/i.test(href) && bare(new URL(`http://${said}`).hostname) !== bare(new URL(href).hostname);
}
const bare = (host: string) => host.replace(/^www\./, "");

/** The web addresses that a message's texts link to, each once. */
export function webLinks(parts: readonly Part[]): string[] {
  const all = parts.flatMap(({ text = "", marks }) => lines(text, marks ?? []).flatMap(({ spans }) => spans.flatMap((span) => span.marks.map(({ href }) => href ?? ""))));
  return [...new Set(all)].filter((href) => /^https?:/i.test(href) && safeHref(href) !== "");
}

/** Cuts a text at its marks into lines of spans. Web addresses written out become links, unless told otherwise. */
export function lines(text: string, marks: readonly Mark[] = [], addresses = true): Line[] {
  const valid = marks.filter(({ start, end }) => start >= 0 && end > start && start < text.length);
  const all = addresses ? [...valid, ...written(text, valid)] : valid;
  const result: Line[] = [];
  let at = 0;
  for (const line of text.split("\n")) {
    const end = at + line.length;
    const item = valid.some((mark) => mark.kind === "list_item" && mark.start <= at && mark.end >= end && line.length > 0);
    result.push({ item, spans: spans(text, all, at, end) });
    at = end + 1;
  }
  return result;
}

/** Links for addresses that stand in the text without a mark over them. */
function written(text: string, marks: readonly Mark[]): Mark[] {
  const covered = (start: number, end: number) => marks.some((mark) => (mark.kind === "link" || mark.kind === "code") && mark.start < end && mark.end > start);
  return [...text.matchAll(webAddress)]
    .map((match): Mark => ({ kind: "link", start: match.index, end: match.index + match[0].length, href: match[0] }))
    .filter(({ start, end, href }) => !covered(start, end) && safeHref(href) !== "");
}

const inline = new Set<MarkKind>(["bold", "italic", "strike", "code", "link", "mention"]);

function spans(text: string, marks: readonly Mark[], from: number, to: number): Span[] {
  if (from === to) return [];
  const here = marks.filter((mark) => inline.has(mark.kind) && mark.start < to && mark.end > from);
  const cuts = new Set([from, to]);
  for (const { start, end } of here) {
    if (start > from) cuts.add(start);
    if (end < to) cuts.add(end);
  }
  const points = [...cuts].sort((a, b) => a - b);
  return points.slice(1).map((end, i) => {
    const start = points[i] ?? from;
    return { text: text.slice(start, end), marks: here.filter((mark) => mark.start <= start && mark.end >= end) };
  });
}
