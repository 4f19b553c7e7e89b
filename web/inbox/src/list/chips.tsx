import { X } from "lucide-react";
import { useLanguage } from "../i18n/index.tsx";
import { useNow } from "../i18n/now.ts";
import { cleared } from "../inbox/action-context.ts";
import { useListing } from "../inbox/context.tsx";
import type { InboxSearch } from "../inbox/search.ts";
import { Keep } from "../saved/keep.tsx";
import { useFilterKinds } from "./filters.tsx";

/** The filters that are on, always visible, each with its own way out (G1.4). */
export default function Chips() {
  const { t, format } = useLanguage();
  const now = useNow();
  const kinds = useFilterKinds();
  const { search, query, go } = useListing();
  const on = kinds.flatMap((kind) => {
    const values = (search[kind.name] ?? "").split(",").filter(Boolean);
    if (values.length === 0) return [];
    const names = values.map((value) => kind.values.find((one) => one.value === value)?.label ?? value);
    return [{ key: kind.name as string, text: `${kind.label}: ${names.join(", ")}`, off: { [kind.name]: undefined } }];
  });
  if (query.unread) on.push({ key: "unread", text: t("filter.unread"), off: { unread: undefined } });
  if (query.since) on.push({ key: "since", text: t("filter.since_day", { day: format.day(new Date(`${query.since}T12:00`), now) }), off: { since: undefined } });
  if (query.until) on.push({ key: "until", text: t("filter.until_day", { day: format.day(new Date(`${query.until}T12:00`), now) }), off: { until: undefined } });
  return (
    <ul aria-label={t("filter.on")} className="flex shrink-0 flex-wrap items-center gap-1 border-b border-line px-3 py-2">
      {on.map((chip) => (
        <li key={chip.key}>
          <button
            type="button"
            onClick={() => go(chip.off as unknown as InboxSearch)}
            aria-label={t("filter.remove", { filter: chip.text })}
            className="inline-flex min-h-6 max-w-60 items-center gap-1 rounded-full bg-accent-soft pr-1.5 pl-2.5 text-xs text-accent hover:bg-press"
          >
            <bdi className="truncate">{chip.text}</bdi>
            <X size={12} aria-hidden className="shrink-0" />
          </button>
        </li>
      ))}
      <li>
        <button type="button" onClick={() => go(cleared)} className="min-h-6 rounded px-1.5 text-xs text-muted underline hover:text-ink">
          {t("filter.clear_all")}
        </button>
      </li>
      <Keep />
    </ul>
  );
}
