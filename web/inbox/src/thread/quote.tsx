import { useQuery } from "@tanstack/react-query";
import { messageQuery } from "../api/desk.ts";
import type { Id } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";
import { useInbox } from "../inbox/context.tsx";
import { contactName } from "../list/row.tsx";
import { useThread } from "../live/hooks.ts";
import { excerpt } from "./excerpt.ts";

interface QuoteProps {
  conversation: Id;
  /** What is quoted. */
  message: Id;
}

/** The message that another one answers, in two lines; pressed, it is shown, also where it is not loaded. */
export default function Quote({ conversation, message }: QuoteProps) {
  const t = useT();
  const { go } = useInbox();
  const loaded = useThread(conversation)?.items.find(({ id }) => id === message);
  const { data } = useQuery({ ...messageQuery(message), enabled: !loaded });
  const quoted = loaded ?? data;
  const look = "mb-1 block max-w-full border-l-2 border-accent-line pl-2 text-left text-xs text-muted";
  if (!quoted) return <p className={`${look} min-h-9`}>{t("message.quoted_above")}</p>;
  const { author, seq } = quoted;
  const show = () => {
    document.getElementById(`m-${seq}`)?.scrollIntoView({ block: "center" }); // it may be where the address leads already
    go({ m: String(seq) }, { replace: true });
  };
  return (
    <button type="button" onClick={show} className={`${look} min-h-6 rounded-sm hover:bg-hover`}>
      <bdi className="block truncate font-medium">{author.kind === "customer" ? contactName(author.name, t) : author.name}</bdi>
      <bdi className="line-clamp-2 break-words">{excerpt(quoted, t)}</bdi>
    </button>
  );
}
