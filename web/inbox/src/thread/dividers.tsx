import { useLanguage } from "../i18n/index.tsx";
import { useNow } from "../i18n/now.ts";

/** The line between two days; it stays at the top while its day is in sight. */
export function DayLine({ at }: { at: string }) {
  const { t, format } = useLanguage();
  const now = useNow();
  const date = new Date(at);
  const days = format.daysBefore(date, now);
  const day = format.day(date, now);
  return (
    <h3 className="sticky top-0 z-1 flex justify-center py-2">
      <span className="rounded-full border border-line bg-surface px-2.5 text-xs leading-5 text-muted">{days === 0 ? t("day.today", { day }) : days === 1 ? t("day.yesterday", { day }) : day}</span>
    </h3>
  );
}

/** The line above what the viewer has not read (G2.6). */
export function UnreadLine() {
  const { t } = useLanguage();
  return (
    <h3 id="unread-line" className="flex items-center gap-3 px-4 pt-3 pb-1 text-xs font-medium text-accent">
      <span aria-hidden className="h-px flex-1 bg-accent-line" />
      {t("thread.unread")}
      <span aria-hidden className="h-px flex-1 bg-accent-line" />
    </h3>
  );
}
