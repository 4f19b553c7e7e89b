import type { Hit } from "../api/types.ts";

/** A line of text with what was looked for marked. */
export function Marked({ text, ranges }: Pick<Hit, "text" | "ranges">) {
  const pieces = [];
  let at = 0;
  for (const { start, end } of ranges) {
    pieces.push(text.slice(at, start), <mark key={start}>{text.slice(start, end)}</mark>);
    at = end;
  }
  return (
    <bdi>
      {pieces}
      {text.slice(at)}
    </bdi>
  );
}
