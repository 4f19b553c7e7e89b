import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CopyPlus } from "lucide-react";
import { check } from "../../form/person.ts";
import { SaveBar } from "../../form/save-bar.tsx";
import { useForm, type Errors } from "../../form/use-form.ts";
import { useLanguage } from "../../i18n/index.tsx";
import { IconButton } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { Menu, MenuItem, MenuSeparator } from "../../ui/menu.tsx";
import { useToast } from "../../ui/toast.tsx";
import { ZoneField } from "../../ui/zone-field.tsx";
import { addSchedule, editSchedule, schedulesQuery, type Interval, type Schedule, type ScheduleBody } from "../api.ts";
import { Group, useMay } from "../section.tsx";
import { Dates, type SpecialDate } from "./dates.tsx";
import { dayName, days, weekdays } from "./days.ts";
import { HoursEditor } from "./hours-editor.tsx";
import { clashes, faults, openMinutes, special, typed, week, type Hours } from "./hours.ts";
import { WeekGrid } from "./week-grid.tsx";

interface Values {
  name: string;
  zone: string;
  week: Hours[][];
  closed: string[];
  special: SpecialDate[];
}

const wrongDay = (hours: readonly Hours[], overnight: boolean) => faults(hours, overnight).some((fault) => fault !== null);

function read(schedule: Omit<Schedule, "id">): Values {
  const dates = Object.entries(schedule.special ?? {}).map(([date, intervals]) => ({ date, intervals: intervals ?? [] }));
  return {
    name: schedule.name,
    zone: schedule.zone,
    week: typed(schedule.week.map((day) => day ?? [])),
    closed: [...(schedule.closed ?? [])].sort(),
    special: dates.sort((a, b) => a.date.localeCompare(b.date)).map(({ date, intervals }) => ({ date, hours: intervals.map(typedDate) })),
  };
}

const typedDate = (interval: Interval): Hours => typed([[interval], [], [], [], [], [], []])[0]?.[0] ?? { start: "", end: "" };

function write(values: Values): ScheduleBody {
  return { name: values.name.trim(), zone: values.zone, week: week(values.week), closed: values.closed, special: Object.fromEntries(values.special.map(({ date, hours }) => [date, special(hours)])) };
}

/** Name, zone, week and dates of one schedule. */
export function ScheduleForm({ schedule }: { schedule: Omit<Schedule, "id"> & { id: number | null } }) {
  const { t, locale, format } = useLanguage();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const may = useMay("schedules");
  const form = useForm<Values>({
    initial: read(schedule),
    check: (values): Errors<Values> => ({
      name: check.filled(t, values.name),
      week: values.week.some((day) => wrongDay(day, true)) || clashes(values.week).includes(true) ? t("schedules.week_wrong") : "",
      special: values.special.some(({ hours }) => wrongDay(hours, false)) ? t("schedules.week_wrong") : "",
    }),
    save: async (values) => {
      const kept = schedule.id === null ? await addSchedule(write(values)) : await editSchedule(schedule.id, write(values));
      await queries.invalidateQueries({ queryKey: schedulesQuery.queryKey });
      toast.say(t("schedules.saved"));
      if (schedule.id === null) await navigate({ to: "/settings/schedules/$id", params: { id: String(kept.id) }, replace: true, ignoreBlocker: true });
      return read(kept);
    },
  });
  const { values } = form;
  const intervals = week(values.week);
  const clash = clashes(values.week);
  const put = (targets: readonly number[], hours: Hours[]) => form.set({ week: values.week.map((day, i) => (targets.includes(i) ? hours.map((one) => ({ ...one })) : day)) });
  const total = openMinutes(intervals);
  return (
    <form {...form.props} className="flex flex-col gap-6">
      <fieldset disabled={!may} className="grid gap-4 sm:grid-cols-2">
        <TextField {...form.text("name")} label={t("schedules.name")} placeholder={t("schedules.name_example")} maxLength={60} autoComplete="off" />
        <ZoneField label={t("entry.zone")} hint={t("schedules.zone_hint")} value={values.zone} onChange={(zone) => form.set({ zone })} disabled={!may} />
      </fieldset>
      <Group title={t("schedules.week")} hint={t("schedules.week_hint")} actions={<p className="text-sm text-muted">{t("schedules.total", { hours: format.number(Math.round(total / 6) / 10) })}</p>}>
        <WeekGrid week={values.week} onChange={(day, hours) => put([day], hours)} disabled={!may} />
        <ul aria-label={t("schedules.week")} className="divide-y divide-line rounded-md border border-line">
          {days.map((day) => {
            const name = dayName(day, locale);
            const hours = values.week[day] ?? [];
            return (
              <li key={day} className="flex flex-col gap-x-4 gap-y-1 px-3 py-2 sm:flex-row sm:items-start sm:px-4">
                <span className="w-24 shrink-0 pt-1.5 text-sm font-medium">{name}</span>
                <div className="flex min-w-0 flex-1 flex-col">
                  <HoursEditor
                    day={name}
                    hours={hours}
                    onChange={(next) => put([day], next)}
                    overnight
                    disabled={!may}
                    closed={t("schedules.closed_day")}
                    actions={
                      <Menu
                        align="end"
                        trigger={
                          <IconButton label={t("schedules.copy", { day: name })}>
                            <CopyPlus size={15} aria-hidden />
                          </IconButton>
                        }
                      >
                        <MenuItem onSelect={() => put(weekdays, hours)}>{t("schedules.copy_weekdays")}</MenuItem>
                        <MenuItem onSelect={() => put(days, hours)}>{t("schedules.copy_all")}</MenuItem>
                        <MenuSeparator />
                        {days
                          .filter((other) => other !== day)
                          .map((other) => (
                            <MenuItem key={other} onSelect={() => put([other], hours)}>
                              {t("schedules.copy_to", { day: dayName(other, locale) })}
                            </MenuItem>
                          ))}
                      </Menu>
                    }
                  />
                  {clash[day] && (
                    <p role="alert" className="text-xs text-danger">
                      {t("schedules.fault.night")}
                    </p>
                  )}
                </div>
              </li>
            );
          })}
        </ul>
        {form.error("week") && (
          <p role="alert" className="text-sm text-danger">
            {form.error("week")}
          </p>
        )}
      </Group>
      <Dates closed={values.closed} special={values.special} onChange={form.set} disabled={!may} error={form.error("special") || form.error("closed")} />
      <SaveBar form={form} always={schedule.id === null} save={schedule.id === null ? t("schedules.create") : t("action.save")} />
    </form>
  );
}
