import type { Mark, MarkKind, Part } from "../api/types.ts";

/** Formatting that a channel without it drops; links and lists are written out there. */
export type Lost = "bold" | "italic" | "strike" | "code";

const droppable: readonly Lost[] = ["bold", "italic", "strike", "code"];

/** A reply as it would be sent, and the formatting that does not go along. */
export interface Written {
  parts: Part[];
  lost: Lost[];
}

/** Which formatting of a text its channel does not carry. */
export function lostOf(marks: readonly Mark[], carried: readonly MarkKind[]): Lost[] {
  return droppable.filter((kind) => !carried.includes(kind) && marks.some((mark) => mark.kind === kind));
}
