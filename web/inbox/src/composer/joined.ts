import type { Part } from "../api/types.ts";

/** One draft of two: the texts one under the other, and the files of both. */
export function joined(first: readonly Part[], second: readonly Part[]): Part[] {
  const [a, b] = [first, second].map((parts) => parts.find(({ kind }) => kind === "text"));
  if (!a || !b) return [...first, ...second];
  const by = (a.text ?? "").length + 1;
  const marks = [...(a.marks ?? []), ...(b.marks ?? []).map((mark) => ({ ...mark, start: mark.start + by, end: mark.end + by }))];
  const files = [...first, ...second].filter((part) => part !== a && part !== b);
  return [{ ...a, text: `${a.text}\n${b.text}`, ...(marks.length ? { marks } : {}) }, ...files];
}
