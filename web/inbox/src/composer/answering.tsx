import { Reply, X } from "lucide-react";
import type { Id } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { contactName } from "../list/row.tsx";
import { useThread } from "../live/hooks.ts";
import { excerpt } from "../thread/excerpt.ts";
import { IconButton } from "../ui/button.tsx";

/** Above the text box: the customer's message that the reply will answer by name. */
export default function Answering({ conversation, message, onEnd }: { conversation: Id; message: Id; onEnd: () => void }) {
  const { t, rich } = useLanguage();
  const quoted = useThread(conversation)?.items.find(({ id }) => id === message);
  return (
    <section aria-label={t("composer.answering")} className="mx-2 mt-2 flex items-center gap-2 rounded-sm border-l-2 border-accent bg-press py-1 pl-2 text-xs">
      <Reply size={14} aria-hidden className="shrink-0 text-muted" />
      <p className="min-w-0 flex-1">
        <span className="block truncate font-medium">{quoted ? rich("composer.answers", { name: <bdi>{contactName(quoted.author.name, t)}</bdi> }) : t("composer.answering")}</span>
        <bdi className="block truncate text-muted">{quoted ? excerpt(quoted, t) : t("message.quoted_above")}</bdi>
      </p>
      <IconButton size="sm" side="top" label={t("composer.answers_end")} shortcut="Esc" onClick={onEnd}>
        <X size={14} aria-hidden />
      </IconButton>
    </section>
  );
}
