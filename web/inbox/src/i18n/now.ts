import { useEffect, useState, useSyncExternalStore } from "react";

/** One clock for all relative times: it ticks once a minute, and not at all while nobody looks. */
const watchers = new Set<() => void>();
let now = Date.now();
const farMs = 24 * 3_600_000;
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  if (document.visibilityState === "hidden") return;
  now = Date.now();
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  if (watchers.size === 0) {
    now = Date.now();
    timer = setInterval(tick, 60_000);
    document.addEventListener("visibilitychange", tick);
  }
  watchers.add(watcher);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(timer);
    document.removeEventListener("visibilitychange", tick);
  };
}

/** The present, to the minute. */
export function useNow(): Date {
  const ms = useSyncExternalStore(watch, () => now);
  return new Date(ms);
}

/** The present, to the minute, and new at the very moment when `at` has come. */
export function useNowBy(at: string | undefined): Date {
  const coarse = useNow();
  const [exact, setExact] = useState(0);
  useEffect(() => {
    const ms = at ? Date.parse(at) - Date.now() : NaN;
    if (!(ms < farMs)) return; // the minutes' clock will do for so long
    const timer = setTimeout(() => setExact(Date.now()), Math.max(0, ms) + 1);
    return () => clearTimeout(timer);
  }, [at]);
  return exact > coarse.getTime() ? new Date(exact) : coarse;
}
