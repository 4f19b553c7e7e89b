import { lazy, Suspense, useEffect, useState } from "react";
import { whenIdle } from "../ui/idle.ts";
import type { NotificationPart } from "./notifications.tsx";

const Notifications = lazy(() => import("./notifications.tsx"));

/** What members are told beside conversations; its code comes when the browser is idle. */
export function NotificationsLater({ part }: { part: NotificationPart }) {
  const [wanted, setWanted] = useState(false);
  useEffect(() => whenIdle(() => setWanted(true)), []);
  return (
    wanted && (
      <Suspense>
        <Notifications part={part} />
      </Suspense>
    )
  );
}
