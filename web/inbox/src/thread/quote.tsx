import type { Id } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";
import { contactName } from "../list/row.tsx";
import { useThread } from "../live/hooks.ts";
import { excerpt } from "./excerpt.ts";

interface QuoteProps {
  conversation: Id;
  /** What is quoted. */
  message: Id;
}

/** The message that another one answers, in two lines; pressed, it is shown. */
export default function Quote({ conversation, message }: QuoteProps) {
  const t = useT();
  const quoted = useThread(conversation)?.items.find(({ id }) => id === message);
  const look = "mb-1 block max-w-full border-l-2 border-accent-line pl-2 text-left text-xs text-muted";
  if (!quoted) return <p className={look}>{t("message.quoted_above")}</p>;
  const { author } = quoted;
  const show = () => document.getElementById(`m-${quoted.seq}`)?.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  return (
    <button type="button" onClick={show} className={`${look} min-h-6 rounded-sm hover:bg-hover`}>
      <bdi className="block truncate font-medium">{author.kind === "customer" ? contactName(author.name, t) : author.name}</bdi>
      <bdi className="line-clamp-2 break-words">{excerpt(quoted, t)}</bdi>
    </button>
  );
}
