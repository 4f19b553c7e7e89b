import { startTransition, useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { whenPainted } from "../ui/idle.ts";
import type { Inbox } from "./context.tsx";

/** What may write into a pane, or do something with what it shows. */
const meant = ["keydown", "pointerdown", "paste", "drop"] as const;

interface Following {
  thread: Inbox;
  customer: Inbox;
}

/**
 * The inbox as the panes of the open conversation see it. At a step through the list they follow once the row is painted,
 * the conversation first and, once that is, its customer: who steps on meanwhile does not wait for what they pass. Whoever turns to
 * them before finds them there.
 */
export function useFollowing(inbox: Inbox): Following {
  const [panes, follow] = useState<Following>({ thread: inbox, customer: inbox });
  const lags = (pane: Inbox) => pane.open !== inbox.open && pane.open !== 0 && inbox.open !== 0;
  const late = lags(panes.thread) ? "thread" : lags(panes.customer) ? "customer" : "";
  const thread = lags(panes.thread) ? panes.thread : inbox;
  const customer = lags(panes.customer) ? panes.customer : inbox;
  if (thread !== panes.thread || customer !== panes.customer) follow({ thread, customer });
  useEffect(() => {
    if (!late) return;
    const calledOff = whenPainted(() => startTransition(() => follow((now) => ({ ...now, [late]: inbox }))));
    const settle = () => flushSync(() => follow({ thread: inbox, customer: inbox }));
    const turned = ({ target }: Event) => target instanceof Element && target.closest("main, aside") && settle();
    const end = inbox.thread.lags(settle);
    for (const kind of meant) window.addEventListener(kind, turned, true);
    return () => {
      calledOff();
      end();
      for (const kind of meant) window.removeEventListener(kind, turned, true);
    };
  }, [late, inbox]);
  return { thread, customer };
}
