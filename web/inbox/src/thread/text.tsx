import type { ReactNode } from "react";
import type { Mark, Part } from "../api/types.ts";
import { deceives, lines, safeHref, type Line, type Span } from "./spans.ts";

/** A text part as nodes; nothing in it is ever read as HTML. */
export function Text({ part }: { part: Part }) {
  const all = lines(part.text ?? "", part.marks ?? []);
  const blocks: ReactNode[] = [];
  for (let i = 0; i < all.length; ) {
    const line = all[i];
    if (!line) break;
    if (!line.item) {
      blocks.push(<PlainLine key={i} line={line} last={i === all.length - 1} />);
      i++;
      continue;
    }
    const from = i;
    while (all[i]?.item) i++;
    blocks.push(
      <ul key={from} className="my-1 list-disc pl-5">
        {all.slice(from, i).map((item, n) => (
          <li key={n}>{item.spans.map(formatted)}</li>
        ))}
      </ul>,
    );
  }
  return (
    <div dir="auto" className="whitespace-pre-wrap">
      {blocks}
    </div>
  );
}

const PlainLine = ({ line, last }: { line: Line; last: boolean }) => (
  <>
    {line.spans.map(formatted)}
    {!last && "\n"}
  </>
);

function formatted(span: Span, key: number): ReactNode {
  return <span key={key}>{span.marks.reduce<ReactNode>((node, mark) => wrap(mark, node, span.text), span.text)}</span>;
}

function wrap(mark: Mark, node: ReactNode, words: string): ReactNode {
  switch (mark.kind) {
    case "bold":
      return <strong className="font-semibold">{node}</strong>;
    case "italic":
      return <em>{node}</em>;
    case "strike":
      return <s>{node}</s>;
    case "code":
      return <code className="rounded-sm bg-press px-1 font-mono text-[0.92em]">{node}</code>;
    case "mention":
      return <span className="rounded-sm bg-accent-soft px-0.5 text-accent">{node}</span>;
    case "link": {
      const href = safeHref(mark.href);
      if (!href) return node;
      if (deceives(words, href)) return <>{node} <bdi>({href})</bdi></>;
      return (
        <a href={href} target="_blank" rel="noopener noreferrer nofollow" className="underline underline-offset-2">
          {node}
        </a>
      );
    }
    default:
      return node;
  }
}
