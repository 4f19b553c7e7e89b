/** The refusals of a day by reason, the most frequent first. */
export function byCode(faults: readonly { code: string; count: number }[]): { code: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { code, count } of faults) counts.set(code, (counts.get(code) ?? 0) + count);
  return [...counts].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}
