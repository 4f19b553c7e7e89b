import { startTransition, useEffect, useState } from "react";
import { flushSync } from "react-dom";
import type { Inbox } from "./context.tsx";

/** What may write into a pane, or do something with what it shows. */
const meant = ["keydown", "pointerdown", "paste", "drop"] as const;

/**
 * The inbox as the panes of the open conversation see it. At a step through the list they follow once the row is painted:
 * who steps on meanwhile does not wait for what they pass. Whoever turns to them before finds them there.
 */
export function useFollowing(inbox: Inbox): Inbox {
  const [shown, follow] = useState(inbox);
  const step = shown.open !== inbox.open && shown.open !== 0 && inbox.open !== 0;
  if (!step && shown !== inbox) follow(inbox);
  useEffect(() => {
    if (!step) return;
    startTransition(() => follow(inbox));
    const settle = () => flushSync(() => follow(inbox));
    const turned = ({ target }: Event) => target instanceof Element && target.closest("main, aside") && settle();
    const end = inbox.thread.lags(settle);
    for (const kind of meant) window.addEventListener(kind, turned, true);
    return () => {
      end();
      for (const kind of meant) window.removeEventListener(kind, turned, true);
    };
  }, [step, inbox]);
  return step ? shown : inbox;
}
