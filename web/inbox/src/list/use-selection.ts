import { useMemo, useSyncExternalStore } from "react";
import type { Id, Row } from "../api/types.ts";
import { usePermission } from "../api/session.ts";
import { useLive } from "../live/context.tsx";
import type { Desk } from "../live/desk.ts";
import type { Selected, Selection } from "./selection.ts";

/** What is selected now. */
export const useSelected = (selection: Selection): Selected => useSyncExternalStore(selection.watch, selection.now);

/** Whether the viewer may change many at once (J3); without it nothing is selected. */
export const useMaySelect = (): boolean => usePermission("ticket.assign_others");

/** Rows as they are now; those that were deleted are left out. */
export function useRows(ids: readonly Id[]): readonly Row[] {
  const { desk } = useLive();
  const { watch, read } = useMemo(() => rowsOf(desk, ids), [desk, ids]);
  return useSyncExternalStore(watch, read);
}

function rowsOf(desk: Desk, ids: readonly Id[]) {
  let last: readonly Row[] = [];
  return {
    watch: (watcher: () => void) => {
      const ends = ids.map((id) => desk.watch(`row:${id}`, watcher));
      return () => ends.forEach((end) => end());
    },
    /** The same list while nothing changes. */
    read: () => {
      const now = ids.flatMap((id) => desk.row(id) ?? []);
      if (now.length !== last.length || now.some((row, i) => row !== last[i])) last = now;
      return last;
    },
  };
}
