import { useCallback, useEffect, useMemo, useState } from "react";
import type { Id } from "../api/types.ts";
import { useListing } from "../inbox/context.tsx";
import { useLive } from "../live/context.tsx";
import { useLatest } from "../ui/use-latest.ts";
import { steady } from "./steady.ts";

/** Why the rows hold still, and what they were when that began. */
interface Hold {
  order: readonly Id[];
  since: string;
  pointed: boolean;
  scrolled: boolean;
}

const none: ReadonlySet<Id> = new Set();
const topPx = 8;

/** Holds the rows' order while the pointer is on them or the list is scrolled; typing lets go of the pointer. */
export function useSteady(current: readonly Id[]) {
  const { shown } = useListing();
  const { desk } = useLive();
  const [hold, setHold] = useState<Hold | null>(null);

  const { ids, fresh, gone } = useMemo(() => {
    if (!hold) return { ids: current, fresh: 0, gone: none };
    const moved = (id: Id) => (desk.row(id)?.last_activity_at ?? "") > hold.since && hold.order[0] !== id;
    return steady(hold.order, current, shown.dropped(), moved);
  }, [hold, current, shown, desk]);
  const latest = useLatest(ids);

  const set = useCallback(
    (reason: "pointed" | "scrolled", on: boolean) =>
      setHold((now) => {
        if ((now?.[reason] ?? false) === on) return now;
        const next = { order: latest.current, since: new Date().toISOString(), pointed: false, scrolled: false, ...now, [reason]: on };
        return next.pointed || next.scrolled ? next : null;
      }),
    [latest],
  );

  useEffect(() => {
    if (!hold) shown.settle();
  }, [hold, shown]);

  useEffect(() => {
    const typed = () => set("pointed", false);
    window.addEventListener("keydown", typed);
    return () => window.removeEventListener("keydown", typed);
  }, [set]);

  const catchUp = useCallback(() => setHold(null), []);
  const pointer = useMemo(() => ({ over: () => set("pointed", true), away: () => set("pointed", false) }), [set]);
  const onScrolled = useCallback((top: number) => set("scrolled", top > topPx), [set]);
  return { ids, fresh, gone, catchUp, pointer, onScrolled };
}
