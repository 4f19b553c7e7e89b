import { useEffect } from "react";
import type { Id } from "../api/types.ts";
import { useInbox } from "../inbox/context.tsx";
import { useLive } from "../live/context.tsx";

const everyMs = 5_000;

/** Tells colleagues what the viewer looks at and whether they are typing; again every 5 s, because hints run out. */
export function useAnnounce(id: Id): void {
  const { view } = useLive();
  const { composer } = useInbox();
  useEffect(() => {
    const tell = () => {
      if (document.visibilityState === "visible") view(id, composer.typing(), composer.mode());
    };
    tell();
    const untell = composer.tell(tell);
    const timer = setInterval(tell, everyMs);
    return () => {
      clearInterval(timer);
      untell();
      view(0, false, "reply");
    };
  }, [id, view, composer]);
}
