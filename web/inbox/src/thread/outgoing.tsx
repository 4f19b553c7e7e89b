import { lazy, Suspense } from "react";
import type { Member } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useLive } from "../live/context.tsx";
import type { Outgoing } from "../live/sender.ts";
import { Avatar } from "../ui/avatar.tsx";
import { sentence, useToast } from "../ui/toast.tsx";
import { MessagePart } from "./parts.tsx";
import { Tick } from "./tick.tsx";

const Quote = lazy(() => import("./quote.tsx"));

/** A message of ours that the server has not confirmed yet, where it will stand. */
export function OutgoingBubble({ outgoing, author }: { outgoing: Outgoing; author: Member | undefined }) {
  const { t } = useLanguage();
  const { sender } = useLive();
  const toast = useToast();
  const { message, state } = outgoing;
  const note = message.mode === "note";
  const link = "min-h-6 rounded px-1 font-medium underline";
  return (
    <article aria-label={t("message.by", { name: author?.name ?? "" })} className="flex flex-row-reverse gap-2 px-4 pt-2">
      <span className="w-7 shrink-0">{author && <Avatar name={author.name} id={author.user_id} url={author.avatar_url} size={28} />}</span>
      <div className="flex max-w-[min(36rem,78%)] min-w-0 flex-col items-end">
        <div className={`flex max-w-full flex-col gap-1.5 rounded-lg px-3 py-2 ${note ? "border border-note-line bg-note" : "bg-ours"} ${state === "failed" ? "" : "opacity-80"}`}>
          {message.reply_to_id && (
            <Suspense>
              <Quote conversation={outgoing.conversation} message={message.reply_to_id} />
            </Suspense>
          )}
          {message.parts.map((part, i) => (
            <MessagePart key={i} part={part} />
          ))}
        </div>
        {state === "failed" ? (
          <p role="alert" className="mt-1 flex flex-wrap items-center gap-x-2 rounded bg-danger-soft px-2 py-1 text-xs text-pretty text-danger">
            {sentence(t, outgoing.problem).text}
            <button type="button" className={link} onClick={() => sender.retry(message.client_id)}>
              {t("failure.again")}
            </button>
            <button type="button" className={link} onClick={() => toast.undoable(t("message.discarded"), sender.discard(message.client_id))}>
              {t("action.delete")}
            </button>
          </p>
        ) : (
          <p className="mt-0.5 px-0.5 text-2xs">
            <Tick status={state === "sending" ? "sending" : "queued"} />
          </p>
        )}
      </div>
    </article>
  );
}
