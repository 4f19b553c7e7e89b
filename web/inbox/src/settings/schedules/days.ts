import type { Locale } from "../../api/types.ts";
import { typed, type Week } from "./hours.ts";

/** The days as they are shown, Monday first; the numbers are the server's, Sunday = 0. */
export const days = [1, 2, 3, 4, 5, 6, 0] as const;
export const weekdays = [1, 2, 3, 4, 5] as const;

const sunday = Date.UTC(2026, 10, 22);

/** "Monday", "月曜日". */
export function dayName(day: number, locale: Locale, form: "long" | "short" = "long"): string {
  return new Intl.DateTimeFormat(locale, { weekday: form, timeZone: "UTC" }).format(sunday + day * 86_400_000);
}

/** "23 Nov 2026 (Mon)" of "2026-11-23". */
export function dateName(date: string, locale: Locale): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) ? date : new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(at) + new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" }).format(at).replace(/^(.*)$/, locale === "ja" ? "($1)" : " ($1)");
}

/** Days with the same hours together, Monday first: [{from: 1, to: 5, hours: "09:00–18:00"}, …]; "" = closed. */
export function runs(week: Week): { from: number; to: number; hours: string }[] {
  const shown = typed(week);
  const out: { from: number; to: number; hours: string }[] = [];
  for (const day of days) {
    const hours = (shown[day] ?? []).map(({ start, end }) => `${start}–${end}`).join(", ");
    const last = out.at(-1);
    if (last && last.hours === hours) last.to = day;
    else out.push({ from: day, to: day, hours });
  }
  return out;
}
