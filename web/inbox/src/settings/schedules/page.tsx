import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CalendarClock, ChevronRight, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useLanguage } from "../../i18n/index.tsx";
import { zoneLabel } from "../../i18n/zones.ts";
import { IconButton } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty.tsx";
import { schedulesQuery, type Schedule } from "../api.ts";
import { Lines, Section, useMay } from "../section.tsx";
import { dayName, runs } from "./days.ts";
import { ScheduleRemoval } from "./removal.tsx";

/** When the desk is open, per schedule; channels choose one. */
export function SchedulesPage() {
  const { t, locale } = useLanguage();
  const may = useMay("schedules");
  const { data: schedules } = useQuery(schedulesQuery);
  const [leaving, setLeaving] = useState<Schedule | null>(null);
  const add = (
    <Link
      to="/settings/schedules/$id"
      params={{ id: "new" }}
      className="inline-flex pressed items-center gap-1.5 rounded bg-accent-fill px-3 text-sm font-medium text-on-accent hover:bg-accent-fill-hover hover:no-underline"
    >
      <Plus size={15} aria-hidden /> {t("schedules.add")}
    </Link>
  );
  return (
    <Section id="schedules" actions={schedules?.length ? add : null}>
      {schedules?.length === 0 && (
        <EmptyState icon={<CalendarClock size={28} aria-hidden />} title={t("schedules.none")} actions={may && add}>
          {t("schedules.none_hint")}
        </EmptyState>
      )}
      {schedules && schedules.length > 0 && (
        <Lines label={t("settings.schedules.title")}>
          {schedules.map((schedule) => (
            <li key={schedule.id} className="flex items-center gap-2 pr-2">
              <Link to="/settings/schedules/$id" params={{ id: String(schedule.id) }} className="flex min-w-0 flex-1 items-center gap-2 rounded-md py-3 pl-4 text-ink hover:no-underline">
                <span className="min-w-0 flex-1">
                  <bdi className="block truncate font-medium">{schedule.name}</bdi>
                  <span className="block text-sm text-muted">
                    {runs(schedule.week.map((day) => day ?? []))
                      .filter(({ hours }) => hours)
                      .map(({ from, to, hours }) => `${from === to ? dayName(from, locale, "short") : `${dayName(from, locale, "short")}–${dayName(to, locale, "short")}`} ${hours}`)
                      .join(" / ") || t("schedules.never")}
                  </span>
                  <span className="block truncate text-xs text-faint">{zoneLabel(schedule.zone, locale)}</span>
                </span>
                <ChevronRight size={16} aria-hidden className="text-faint" />
              </Link>
              {may && (
                <IconButton label={t("settings.delete_named", { name: schedule.name })} onClick={() => setLeaving(schedule)}>
                  <Trash2 size={15} aria-hidden />
                </IconButton>
              )}
            </li>
          ))}
        </Lines>
      )}
      {leaving && <ScheduleRemoval schedule={leaving} onClose={() => setLeaving(null)} />}
    </Section>
  );
}
