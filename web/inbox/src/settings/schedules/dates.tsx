import { CalendarPlus, Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { useLanguage } from "../../i18n/index.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { Group } from "../section.tsx";
import { dateName } from "./days.ts";
import { HoursEditor } from "./hours-editor.tsx";
import { holidayYears, japaneseHolidays } from "./holidays.ts";
import type { Hours } from "./hours.ts";

export interface SpecialDate {
  date: string;
  hours: Hours[];
}

interface DatesProps {
  closed: string[];
  special: SpecialDate[];
  onChange: (news: { closed?: string[]; special?: SpecialDate[] }) => void;
  disabled: boolean;
  error: string;
}

/** Holidays, and days with hours of their own. A date is in one of the two. */
export function Dates({ closed, special, onChange, disabled, error }: DatesProps) {
  const { t, locale } = useLanguage();
  const taken = (date: string) => closed.includes(date) || special.some((one) => one.date === date);
  return (
    <>
      <Group title={t("schedules.closed")} hint={t("schedules.closed_hint")}>
        {closed.length > 0 && (
          <ul aria-label={t("schedules.closed")} className="flex flex-wrap gap-1.5">
            {closed.map((date) => (
              <li key={date} className="flex items-center gap-0.5 rounded bg-press py-0.5 pr-0.5 pl-2.5 text-sm">
                <time dateTime={date}>{dateName(date, locale)}</time>
                {!disabled && (
                  <IconButton label={t("schedules.remove_date", { date: dateName(date, locale) })} size="sm" onClick={() => onChange({ closed: closed.filter((one) => one !== date) })}>
                    <X size={13} aria-hidden />
                  </IconButton>
                )}
              </li>
            ))}
          </ul>
        )}
        {!disabled && (
          <div className="flex flex-wrap items-start gap-2">
            <AddDate label={t("schedules.closed_add")} taken={taken} onAdd={(date) => onChange({ closed: [...closed, date].sort() })} />
            <Holidays onAdd={(dates) => onChange({ closed: [...closed, ...dates.filter((date) => !taken(date))].sort() })} />
          </div>
        )}
      </Group>
      <Group title={t("schedules.special")} hint={t("schedules.special_hint")}>
        {special.length > 0 && (
          <ul aria-label={t("schedules.special")} className="divide-y divide-line rounded-md border border-line">
            {special.map(({ date, hours }) => {
              const name = dateName(date, locale);
              return (
                <li key={date} className="flex flex-col gap-x-4 gap-y-1 px-3 py-2 sm:flex-row sm:items-start sm:px-4">
                  <time dateTime={date} className="pt-1.5 text-sm font-medium sm:w-44">
                    {name}
                  </time>
                  <HoursEditor
                    day={name}
                    hours={hours}
                    onChange={(next) => onChange({ special: special.map((one) => (one.date === date ? { date, hours: next } : one)) })}
                    overnight={false}
                    disabled={disabled}
                    closed={t("schedules.closed_day")}
                    actions={
                      <IconButton label={t("schedules.remove_date", { date: name })} onClick={() => onChange({ special: special.filter((one) => one.date !== date) })}>
                        <X size={15} aria-hidden />
                      </IconButton>
                    }
                  />
                </li>
              );
            })}
          </ul>
        )}
        {error && (
          <p role="alert" className="text-sm text-danger">
            {error}
          </p>
        )}
        {!disabled && (
          <AddDate
            label={t("schedules.special_add")}
            taken={taken}
            onAdd={(date) => onChange({ special: [...special, { date, hours: [{ start: "10:00", end: "15:00" }] }].sort((a, b) => a.date.localeCompare(b.date)) })}
          />
        )}
      </Group>
    </>
  );
}

/** Adds Japan's national holidays of a year; days that are set already stay as they are. */
function Holidays({ onAdd }: { onAdd: (dates: string[]) => void }) {
  const { t } = useLanguage();
  const [now] = useState(() => new Date().getFullYear());
  const years = [now, now + 1, now + 2].filter((year) => year >= holidayYears.first && year <= holidayYears.last);
  return (
    <Menu
      trigger={
        <Button>
          <CalendarPlus size={15} aria-hidden /> {t("schedules.holidays")}
        </Button>
      }
    >
      {years.map((year) => (
        <MenuItem key={year} onSelect={() => onAdd(japaneseHolidays(year))}>
          {t("schedules.holidays_of", { year: String(year), count: japaneseHolidays(year).length })}
        </MenuItem>
      ))}
    </Menu>
  );
}

function AddDate({ label, taken, onAdd }: { label: string; taken: (date: string) => boolean; onAdd: (date: string) => void }) {
  const { t } = useLanguage();
  const id = useId();
  const [date, setDate] = useState("");
  const twice = date !== "" && taken(date);
  const add = () => {
    if (!date || twice) return;
    onAdd(date);
    setDate("");
  };
  return (
    <div className="flex flex-col gap-1">
      <div className="flex flex-wrap items-center gap-2">
        <label htmlFor={id} className="sr-only">
          {label}
        </label>
        <input
          id={id}
          type="date"
          className="field w-44"
          value={date}
          aria-invalid={twice ? true : undefined}
          onChange={(event) => setDate(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
            event.preventDefault();
            add();
          }}
        />
        <Button disabled={!date || twice} onClick={add}>
          <Plus size={15} aria-hidden /> {label}
        </Button>
      </div>
      {twice && (
        <p role="alert" className="text-xs text-danger">
          {t("schedules.date_taken")}
        </p>
      )}
    </div>
  );
}
