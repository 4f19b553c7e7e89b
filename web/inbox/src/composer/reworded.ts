import type { Mark, Part } from "../api/types.ts";

/** A text part with other words: marks stay on what was not touched, and end where it was. */
export function reworded(part: Part, text: string): Part {
  const before = part.text ?? "";
  const most = Math.min(before.length, text.length);
  let head = 0;
  while (head < most && before[head] === text[head]) head++;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === text[text.length - 1 - tail]) tail++;
  const by = text.length - before.length;
  const moved = (at: number) => (at >= before.length - tail ? at + by : Math.min(at, head));
  const { marks: _marks, ...rest } = part;
  const marks = (part.marks ?? []).map((mark): Mark => ({ ...mark, start: mark.start <= head ? mark.start : moved(mark.start), end: mark.end <= head ? mark.end : moved(mark.end) })).filter(({ start, end }) => end > start);
  return { ...rest, text, ...(marks.length ? { marks } : {}) };
}
