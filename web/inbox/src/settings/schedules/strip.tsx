import type { Interval } from "../api.ts";

const dayEnd = 1440;

/** One day from midnight to midnight, open hours filled. Decorative: the hours stand beside it. */
export function Strip({ intervals }: { intervals: readonly Interval[] }) {
  return (
    <div aria-hidden className="relative h-2.5 w-full overflow-hidden rounded-full bg-press">
      {intervals.map(({ start, end }) => (
        <span key={start} className="absolute inset-y-0 rounded-sm bg-accent-fill" style={{ left: `${(start / dayEnd) * 100}%`, width: `${((end - start) / dayEnd) * 100}%` }} />
      ))}
      {[6, 12, 18].map((hour) => (
        <span key={hour} className="absolute inset-y-0 w-px bg-surface/70" style={{ left: `${(hour / 24) * 100}%` }} />
      ))}
    </div>
  );
}
