import { Bot, Lock, Zap } from "lucide-react";
import { lazy, memo, Suspense, useState } from "react";
import type { AuthorKind, Message } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { Time } from "../i18n/time.tsx";
import { useSpecs } from "../inbox/directory.tsx";
import { contactName } from "../list/row.tsx";
import { useOfRow } from "../live/hooks.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Edited, Origin, Reactions } from "./about.tsx";
import { Failure } from "./failure.tsx";
import { MessagePart } from "./parts.tsx";
import { webLinks } from "./spans.ts";
import { Tick } from "./tick.tsx";
import { proven } from "./ticks.ts";

const MessageActions = lazy(() => import("./message-actions.tsx"));
const LinkPreviews = lazy(() => import("./link-previews.tsx"));
const Quote = lazy(() => import("./quote.tsx"));

const looks: Record<Exclude<AuthorKind, "system">, string> = {
  customer: "bg-theirs",
  human: "bg-ours",
  bot: "bg-ours",
  automation: "bg-ours",
  note: "bg-note border border-note-line",
};

interface BubbleProps {
  message: Message;
  first: boolean;
  last: boolean;
  /** Seq up to which the customer has read: proof for ticks. */
  seen: number;
  flash: boolean;
  channelKind: string;
  /** The viewer works with a finger: tools are seen without coming near. */
  finger: boolean;
}

/** One message: the customer's on the left, ours on the right. */
export const Bubble = memo(function Bubble({ message, first, last, seen, flash, channelKind, finger }: BubbleProps) {
  const { t } = useLanguage();
  const [near, setNear] = useState(finger);
  const come = () => setNear(true);
  const { author } = message;
  const receipts = useSpecs().find(({ kind }) => kind === channelKind)?.capabilities.receipts ?? [];
  const now = useOfRow(message.conversation_id, (row) => row?.contact.name); // customers show under the name they have now
  if (author.kind === "system") return null;
  const theirs = author.kind === "customer";
  const name = theirs ? contactName(now || author.name, t) : author.name || (author.kind === "automation" ? t("author.automation") : "");
  const parts = message.parts ?? [];
  const bare = parts.length > 0 && parts.every((part) => (part.kind === "image" || part.kind === "video") && part.attachment && !part.text);
  const status = seen >= message.seq && (message.status === "sent" || message.status === "delivered") && author.kind !== "note" ? "read" : proven(message.status, receipts);
  const unsent = theirs && message.deleted_at && !message.deleted_by;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its tools show what they are; what is pressed are they
    <article id={`m-${message.seq}`} onPointerEnter={come} onFocus={come} aria-label={t("message.by", { name: name || t(`author.${author.kind}`) })} className={`group/message flex gap-2 px-4 ${theirs ? "" : "flex-row-reverse"} ${first ? "pt-2.5" : "pt-0.5"} ${flash ? "animate-[flash_1.6s_ease-out] motion-reduce:bg-accent-soft" : ""}`}>
      <span className="w-7 shrink-0 pt-0.5">{first && (author.kind === "automation" ? <Automatic /> : <Avatar name={name || "?"} id={author.id} url={author.avatar_url} size={28} />)}</span>
      <div className={`flex max-w-[min(36rem,78%)] min-w-0 flex-col ${theirs ? "items-start" : "items-end"}`}>
        {first && (
          <p className="mb-0.5 flex max-w-full items-center gap-1.5 px-0.5 text-xs text-muted">
            <bdi className="truncate font-medium">{name}</bdi>
            {author.kind === "bot" && <Sign icon={<Bot size={11} aria-hidden />} text={t("author.bot")} />}
            {author.kind === "automation" && author.name && <Sign icon={<Zap size={11} aria-hidden />} text={t("author.automation")} />}
            {author.kind === "note" && <Sign icon={<Lock size={11} aria-hidden />} text={t(message.whisper_to ? "author.whisper" : "author.internal")} note />}
          </p>
        )}
        <Origin message={message} />
        <div className={`flex max-w-full flex-col gap-1.5 rounded-lg ${looks[author.kind]} ${bare ? "p-1" : "px-3 py-2"}`}>
          {message.reply_to_id && !message.deleted_at && !message.choice && (
            <Suspense>
              <Quote conversation={message.conversation_id} message={message.reply_to_id} />
            </Suspense>
          )}
          {message.deleted_at ? <p className="text-sm text-muted italic">{t(unsent ? "message.unsent" : "message.deleted")}</p> : parts.map((part, i) => <MessagePart key={i} part={part} message={message.id} />)}
        </div>
        {!message.deleted_at && webLinks(parts).length > 0 && (
          <Suspense>
            <LinkPreviews message={message} />
          </Suspense>
        )}
        <Reactions message={message} />
        {(last || status === "failed" || status === "unknown" || message.late || message.edited_at) && (
          <p className="mt-0.5 flex items-center gap-1 px-0.5 text-2xs text-faint">
            {message.late && <span className="text-warn">{t("message.late")}</span>}
            <Edited message={message} />
            <Time at={message.at} form="time" className="tabular-nums" />
            {!theirs && <Tick status={status} />}
          </p>
        )}
        {(status === "failed" || status === "unknown") && !message.deleted_at && <Failure message={message} channelKind={channelKind} />}
      </div>
      <Suspense>
        <MessageActions message={message} channelKind={channelKind} near={near} />
      </Suspense>
    </article>
  );
});

/** Stands for nobody: the desk itself writes. */
const Automatic = () => (
  <span aria-hidden className="grid size-7 place-items-center rounded-full bg-press text-muted">
    <Zap size={14} />
  </span>
);

function Sign({ icon, text, note = false }: { icon: React.ReactNode; text: string; note?: boolean }) {
  return (
    <span className={`inline-flex items-center gap-0.5 rounded-sm px-1 text-2xs ${note ? "bg-note text-note-ink" : "bg-press text-muted"}`}>
      {icon}
      {text}
    </span>
  );
}
