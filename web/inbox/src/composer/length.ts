import type { Capabilities } from "../api/types.ts";
import { measure } from "./document.ts";
import { countSegments, manySegments } from "./segments.ts";

/** What our own desk takes in one message, characters. */
const ownLimit = 10_000;
/** A longer text may go in so many messages (G4.7). */
const mostPieces = 5;
const shownFrom = 0.8;

/** How long a text is for its channel, and what follows from that. */
export type Length =
  | { is: "over"; by: number }
  /** It goes as several messages; at least so many. */
  | { is: "split"; pieces: number }
  | { is: "segments"; characters: number; segments: number; encoding: string; many: boolean }
  | { is: "left"; count: number }
  | { is: "short" };

/** Measures a text; without capabilities it is a note, which only we limit. */
export function lengthOf(text: string, capabilities: Capabilities | undefined): Length {
  const unit = capabilities?.text_unit ?? "runes";
  const limit = capabilities?.text_limit || ownLimit;
  const length = measure(text, unit);
  const most = capabilities?.text_limit ? limit * mostPieces : limit;
  const by = Math.max(length - most, measure(text, "runes") - ownLimit);
  if (by > 0) return { is: "over", by };
  if (length > limit) return { is: "split", pieces: Math.ceil(length / limit) };
  if (capabilities?.segments && text) {
    const { count, encoding } = countSegments(text);
    return { is: "segments", characters: [...text].length, segments: count, encoding, many: count >= manySegments };
  }
  return length > limit * shownFrom ? { is: "left", count: limit - length } : { is: "short" };
}
