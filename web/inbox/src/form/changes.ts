/** Whether two values of a form are the same, compared by content. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => same((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]));
}

/** The fields in which `now` differs from `base`. */
export function changes<Values extends object>(base: Values, now: Values): Partial<Values> {
  const names = Object.keys(now) as (keyof Values)[];
  return Object.fromEntries(names.filter((name) => !same(base[name], now[name])).map((name) => [name, now[name]])) as Partial<Values>;
}

/** Takes over what changed elsewhere, but not in the fields that were edited here. */
export function rebase<Values extends object>(base: Values, now: Values, news: Values): Values {
  return { ...news, ...changes(base, now) };
}
