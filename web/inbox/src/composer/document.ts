import type { Mark, MarkKind, Part } from "../api/types.ts";
import { lines } from "../thread/spans.ts";

/** The editor's document, as far as we use it (ProseMirror's JSON). */
export interface Node {
  type: string;
  text?: string;
  attrs?: Record<string, unknown>;
  marks?: { type: string; attrs?: Record<string, unknown> }[];
  content?: Node[];
}

const inline = new Set<string>(["bold", "italic", "strike", "code", "link"]);

/** The neutral form of what was written: plain text with marks over it; kinds outside of `allowed` are dropped. */
export function toPart(document: Node, allowed: ReadonlySet<MarkKind>): Part {
  const out = { text: "", marks: [] as Mark[] };
  let begun = false;
  const newLine = () => {
    if (begun) out.text += "\n";
    begun = true;
  };
  const add = (kind: MarkKind, start: number, end: number, more: Partial<Mark> = {}) => {
    if (end <= start || !allowed.has(kind)) return;
    const before = out.marks.findLast((mark) => mark.kind === kind && mark.end === start && mark.href === more.href && mark.user_id === undefined && more.user_id === undefined);
    if (before && kind !== "list_item") before.end = end;
    else out.marks.push({ kind, start, end, ...more });
  };
  const write = (node: Node) => {
    const start = out.text.length;
    if (node.type === "hardBreak") out.text += "\n";
    else if (node.type === "mention") {
      out.text += `@${String(node.attrs?.["label"] ?? "")}`;
      add("mention", start, out.text.length, { user_id: Number(node.attrs?.["id"]) });
    } else if (node.text) {
      out.text += node.text;
      for (const mark of node.marks ?? []) {
        if (!inline.has(mark.type)) continue;
        const href = mark.type === "link" ? { href: String(mark.attrs?.["href"] ?? "") } : {};
        add(mark.type as MarkKind, start, out.text.length, href);
      }
    }
  };
  const block = (node: Node, item: boolean) => {
    if (node.type === "paragraph") {
      newLine();
      const start = out.text.length;
      for (const child of node.content ?? []) write(child);
      if (item) add("list_item", start, out.text.length);
    } else for (const child of node.content ?? []) block(child, item || node.type === "listItem");
  };
  for (const node of document.content ?? []) block(node, false);
  return trimmed(out.text, out.marks);
}

/** Without empty lines at the ends. */
function trimmed(text: string, marks: readonly Mark[]): Part {
  const from = /^\n*/.exec(text)?.[0].length ?? 0;
  const kept = text.slice(from).trimEnd();
  const moved = marks.map((mark) => ({ ...mark, start: Math.max(0, mark.start - from), end: Math.min(kept.length, mark.end - from) })).filter(({ start, end }) => end > start);
  return { kind: "text", text: kept, ...(moved.length ? { marks: moved } : {}) };
}

/** The editor's document of a text part. */
export function toDocument(part: Part | undefined): Node {
  const content: Node[] = [];
  const all = lines(part?.text ?? "", part?.marks ?? [], false);
  for (const line of all) {
    const text = line.spans.map((span): Node => {
      const mention = span.marks.find((mark) => mark.kind === "mention");
      if (mention) return { type: "mention", attrs: { id: mention.user_id, label: span.text.replace(/^@/, "") } };
      const marks = span.marks.filter((mark) => inline.has(mark.kind)).map((mark) => ({ type: mark.kind as string, ...(mark.kind === "link" ? { attrs: { href: mark.href } } : {}) }));
      return { type: "text", text: span.text, ...(marks.length ? { marks } : {}) };
    });
    const paragraph: Node = { type: "paragraph", ...(text.length ? { content: text } : {}) };
    const list = content.at(-1);
    if (!line.item) content.push(paragraph);
    else if (list?.type === "bulletList") list.content?.push({ type: "listItem", content: [paragraph] });
    else content.push({ type: "bulletList", content: [{ type: "listItem", content: [paragraph] }] });
  }
  return { type: "doc", content };
}

/** How long a text is in the unit its channel counts in. */
export function measure(text: string, unit: string): number {
  if (unit === "utf16") return text.length;
  if (unit === "bytes") return new TextEncoder().encode(text).length;
  return [...text].length;
}
