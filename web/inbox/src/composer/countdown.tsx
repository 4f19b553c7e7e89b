import { Clock3 } from "lucide-react";
import type { Row, Spec } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { hoursMinutes, replyWindow, urgency } from "../standing/window.ts";
import { Badge } from "../ui/badge.tsx";

const dayMs = 24 * 3_600_000;

/** How long a reply may still go out, how many, and whether they are free (C1.10, C2.3). */
export function Countdown({ row, spec, now }: { row: Row; spec: Spec | undefined; now: Date }) {
  const { t, format } = useLanguage();
  const window = replyWindow(row.standing, spec?.window, now);
  const free = row.standing?.free_until ? Date.parse(row.standing.free_until) - now.getTime() : 0;
  const ms = window?.until ? Date.parse(window.until) - now.getTime() : 0;
  const time = (left: number) => (left > 2 * dayMs ? format.span(left) : hoursMinutes(left));
  return (
    <>
      {window?.until && (
        <Badge look={urgency(ms)} title={format.exact(new Date(window.until))}>
          <Clock3 size={10} aria-hidden />
          {t(window.state === "human" ? "composer.window_human" : "composer.window_left", { time: time(ms) })}
        </Badge>
      )}
      {window?.until && window.left !== undefined && <Badge look={window.left <= 1 ? "warn" : "neutral"}>{t("composer.window_count", { count: window.left })}</Badge>}
      {free > 0 && <Badge>{t("composer.window_free", { time: time(free) })}</Badge>}
    </>
  );
}
