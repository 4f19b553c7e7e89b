import { CircleCheck, ExternalLink, FileCheck, History, MousePointerClick } from "lucide-react";
import { useState, type ReactNode } from "react";
import type { Message } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { Time } from "../i18n/time.tsx";
import { Popover } from "../ui/popover.tsx";
import { MessagePart } from "./parts.tsx";
import { safeHref } from "./spans.ts";

/** Above a message: where the customer came from with it, what they picked, what ours was made of. */
export function Origin({ message }: { message: Message }) {
  const { t } = useLanguage();
  const spoken = (message.parts ?? []).some((part) => part.text);
  return (
    <>
      {message.referral && <ReferralLine referral={message.referral} />}
      {message.choice && <Line icon={<CircleCheck size={12} aria-hidden />}>{spoken ? t("message.picked") : t("message.picked_id", { id: message.choice })}</Line>}
      {message.template && <Line icon={<FileCheck size={12} aria-hidden />}>{t("message.template", { name: message.template })}</Line>}
      {message.elsewhere && <Line icon={<ExternalLink size={12} aria-hidden />}>{t("message.elsewhere")}</Line>}
    </>
  );
}

function Line({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <p className="mb-0.5 flex max-w-full items-center gap-1 px-0.5 text-2xs text-muted">
      <span className="shrink-0">{icon}</span>
      <bdi className="truncate">{children}</bdi>
    </p>
  );
}

/** The sources that we have a word for; others are shown as the provider calls them. */
const sources = ["ad", "post", "link", "story"] as const;

function ReferralLine({ referral }: { referral: NonNullable<Message["referral"]> }) {
  const { t } = useLanguage();
  const known = sources.find((one) => one === referral.source);
  const source = known ? t(`message.referral.${known}`) : referral.source;
  const name = referral.title || referral.id || referral.url || "";
  const href = safeHref(referral.url);
  return (
    <Line icon={<MousePointerClick size={12} aria-hidden />}>
      {t("message.referral", { source })}
      {name && " "}
      {href ? (
        <a href={href} target="_blank" rel="noopener noreferrer nofollow" className="underline">
          {name}
        </a>
      ) : (
        name
      )}
    </Line>
  );
}

/** The emoji that people left on a message, equal ones together. */
export function Reactions({ message }: { message: Message }) {
  const { t } = useLanguage();
  const counts = new Map<string, number>();
  for (const { emoji } of message.reactions ?? []) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
  if (counts.size === 0) return null;
  return (
    <ul aria-label={t("message.reactions")} className="-mt-1 flex flex-wrap gap-1 px-1">
      {[...counts].map(([emoji, count]) => (
        <li key={emoji} className="inline-flex min-h-5 items-center gap-1 rounded-full border border-line bg-raised px-1.5 text-xs tabular-nums">
          {emoji}
          {count > 1 && <span className="text-muted">{count}</span>}
        </li>
      ))}
    </ul>
  );
}

/** Says that a message was changed, and shows what it said before (G2.9). */
export function Edited({ message }: { message: Message }) {
  const { t } = useLanguage();
  const [open, setOpen] = useState(false);
  const editions = message.editions ?? [];
  if (!message.edited_at) return null;
  if (editions.length === 0) return <span>{t("message.edited")}</span>;
  return (
    <Popover
      label={t("message.editions")}
      open={open}
      onOpenChange={setOpen}
      className="w-80 p-3"
      trigger={
        <button type="button" className="inline-flex min-h-6 items-center gap-1 rounded-sm px-0.5 underline hover:text-ink">
          <History size={11} aria-hidden />
          {t("message.edited")}
        </button>
      }
    >
      <h3 className="mb-2 text-xs font-medium">{t("message.editions")}</h3>
      <ol className="flex flex-col gap-3">
        {editions.map((edition, i) => (
          <li key={i} className="flex flex-col gap-1 text-sm">
            <Time at={edition.until} form="moment" className="text-2xs text-faint tabular-nums" />
            {(edition.parts ?? []).map((part, n) => (
              <MessagePart key={n} part={part} />
            ))}
          </li>
        ))}
      </ol>
    </Popover>
  );
}
