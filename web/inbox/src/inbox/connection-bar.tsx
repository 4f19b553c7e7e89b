import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useT } from "../i18n/index.tsx";
import { useConnection, useLive } from "../live/context.tsx";
import { useToast } from "../ui/toast.tsx";

const graceMs = 3_000;

/** Says quietly that the connection is gone, after 3 s; on return says what was sent meanwhile. */
export function ConnectionBar() {
  const t = useT();
  const toast = useToast();
  const connection = useConnection();
  const { sender, watchSending, reconnect } = useLive();
  const waiting = useSyncExternalStore(watchSending, sender.waiting);
  const [late, setLate] = useState(false);
  const held = useRef(0);
  const online = connection === "online";
  const shown = late && !online;

  useEffect(() => {
    if (online) return;
    const timer = setTimeout(() => setLate(true), graceMs);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [online]);

  useEffect(() => {
    if (shown) held.current = Math.max(held.current, waiting);
    else if (online && held.current > 0 && waiting === 0) {
      toast.say(t("connection.sent", { count: held.current }));
      held.current = 0;
    }
  }, [shown, online, waiting, toast, t]);

  return (
    <div aria-live="polite">
      {shown && (
        <p className="flex min-h-7 items-center justify-center gap-3 bg-warn-soft px-4 text-xs text-warn">
          {waiting > 0 ? t("connection.lost_waiting", { count: waiting }) : t("connection.lost")}
          <button type="button" onClick={reconnect} className="min-h-6 rounded px-1 font-medium underline">
            {t("action.retry")}
          </button>
        </p>
      )}
    </div>
  );
}
