import { useState } from "react";
import type { Message } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";
import { useLive } from "../live/context.tsx";
import { lastSeq, type Thread } from "../live/threads.ts";
import { excerpt } from "./excerpt.ts";
import { newsOf } from "./news.ts";

/** Says to screen readers what is said while the thread is open, and nothing of what is loaded of its past. */
export function Heard({ thread }: { thread: Thread }) {
  const t = useT();
  const { desk } = useLive();
  const newest = Math.max(lastSeq(thread), thread.end);
  const [heard, setHeard] = useState<{ upTo: number; last: readonly Message[] }>({ upTo: newest, last: [] });
  if (newest > heard.upTo) setHeard({ upTo: newest, last: newsOf(thread.items, heard.upTo, desk.me) });
  return (
    <div aria-live="polite" className="sr-only">
      {heard.last.map((message) => (
        <p key={message.id}>{`${message.author.name || (message.author.kind === "system" ? "" : t(`author.${message.author.kind}`))}: ${excerpt(message, t)}`}</p>
      ))}
    </div>
  );
}
