import { useBlocker } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

const LeaveQuestion = lazy(() => import("./leave-question.tsx"));

/** Asks before another page takes the place of unsaved changes; `keep` says whether there are some. */
export function LeaveGuard({ keep }: { keep: boolean }) {
  const guard = useBlocker({ shouldBlockFn: ({ current, next }) => keep && current.pathname !== next.pathname, enableBeforeUnload: keep, withResolver: true });
  return (
    guard.status === "blocked" && (
      <Suspense>
        <LeaveQuestion onStay={guard.reset} onLeave={guard.proceed} />
      </Suspense>
    )
  );
}
