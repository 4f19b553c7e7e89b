import type { Id } from "../api/types.ts";

/**
 * Keeps a list in place while somebody is about to point at a row (G1.6): the order shown stays, rows that left keep
 * their place (`gone`) unless the viewer dropped them, later pages are added at the end. What should stand above is
 * counted (`fresh`).
 */
export function steady(shown: readonly Id[], current: readonly Id[], dropped: ReadonlySet<Id>, moved: (id: Id) => boolean): { ids: readonly Id[]; fresh: number; gone: ReadonlySet<Id> } {
  const here = new Set(current);
  const kept = shown.filter((id) => here.has(id) || !dropped.has(id));
  const known = new Set(kept);
  let last = -1;
  for (let i = current.length - 1; i >= 0 && last < 0; i--) if (known.has(current[i] ?? 0)) last = i;
  const added = current.slice(last + 1).filter((id) => !known.has(id));
  const above = current.slice(0, last + 1).filter((id) => !known.has(id) || moved(id)).length;
  return { ids: added.length ? [...kept, ...added] : kept, fresh: above, gone: new Set(kept.filter((id) => !here.has(id))) };
}
