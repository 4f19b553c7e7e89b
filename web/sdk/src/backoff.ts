/** First wait, milliseconds. */
const base = 500;
/** Longest wait, milliseconds. */
const cap = 30_000;

/** How long to wait before attempt n (0, 1, 2 …), in milliseconds: doubling up to a cap, with equal jitter. */
export function backoff(attempt: number, random: () => number): number {
  const full = Math.min(cap, base * 2 ** Math.min(attempt, 16));
  return full / 2 + random() * (full / 2);
}
