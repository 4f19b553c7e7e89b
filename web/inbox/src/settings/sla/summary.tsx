import { useQuery } from "@tanstack/react-query";
import { useLanguage } from "../../i18n/index.tsx";
import { priorities } from "../../list/query.ts";
import type { Schedule } from "../api.ts";
import { exampleQuery, metrics } from "./api.ts";
import type { PolicyValues } from "./policy-form.tsx";
import { cell, firstOf, minutesOf } from "./targets.ts";

/** What is promised in plain words, with an example that the server works out. */
export function Summary({ values, schedules }: { values: PolicyValues; schedules: readonly Schedule[] }) {
  const { t, locale, format } = useLanguage();
  const example = firstOf(values.targets, priorities);
  const { data } = useQuery(exampleQuery(values.schedule_id, example?.minutes ?? 0));
  if (!example) return null;
  const promises = priorities
    .map((priority) => {
      const kept = metrics.filter((metric) => minutesOf(values.targets[cell(priority, metric)]));
      const each = kept.map((metric) => t("sla.within", { metric: t(`sla.in_text.${metric}`), minutes: minutesOf(values.targets[cell(priority, metric)]) }));
      return kept.length ? t("sla.promise", { priority: t(`priority.${priority}`), targets: format.list(each) }) : "";
    })
    .filter(Boolean);
  const when = (at: string, zone: string) =>
    new Intl.DateTimeFormat(locale, { month: "numeric", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(new Date(at));
  const hours = schedules.find(({ id }) => id === values.schedule_id)?.name;
  return (
    <output className="flex flex-col gap-1 rounded bg-hover px-3 py-2 text-sm">
      {promises.map((promise) => (
        <span key={promise}>{promise}</span>
      ))}
      <span className="text-muted">{hours ? t("sla.counted", { name: hours }) : t("sla.counted_always")}</span>
      {data && (
        <span>
          {data.due
            ? t("sla.example", { from: when(data.from, data.zone), due: when(data.due, data.zone), metric: t(`sla.in_text.${example.metric}`), priority: t(`priority.${example.priority}`) })
            : t("sla.example_never")}
        </span>
      )}
    </output>
  );
}
