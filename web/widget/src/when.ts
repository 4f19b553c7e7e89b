// Dates and sizes as people say them, in the visitor's own time zone.
import type { Texts } from "./texts.ts";

const day = (at: string | Date) => new Date(at).toDateString();

/** "14:05" */
export function clock(locale: string, at: string): string {
  return new Date(at).toLocaleTimeString(locale, { timeStyle: "short" });
}

/** "Today", "Yesterday", "11月19日(木)"; with the year when it is not this one. */
export function dayName({ locale, t }: Texts, at: string): string {
  const date = new Date(at);
  const now = new Date();
  if (day(date) === day(now)) return t("today");
  const year = date.getFullYear() !== now.getFullYear() && { year: "numeric" as const };
  now.setDate(now.getDate() - 1);
  if (day(date) === day(now)) return t("yesterday");
  return date.toLocaleDateString(locale, { ...year, month: "long", day: "numeric", weekday: "short" });
}

/** Whether two messages are of different days. */
export function otherDay(a: string | Date, b: string | Date): boolean {
  return day(a) !== day(b);
}

/** "9:00" today, "11月24日(火) 9:00" later. */
export function opening(texts: Texts, at: string): string {
  const time = clock(texts.locale, at);
  return otherDay(at, new Date()) ? `${dayName(texts, at)} ${time}` : time;
}

/** "12 kB", "1.4 MB" */
export function bytes(locale: string, size: number): string {
  const large = size >= 1e6;
  return (large ? size / 1e6 : Math.max(1, size / 1e3)).toLocaleString(locale, { maximumFractionDigits: large ? 1 : 0 }) + (large ? " MB" : " kB");
}
