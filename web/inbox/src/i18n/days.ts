import { instantAt, wallClock } from "./wall-clock.ts";

/** The instant at which a day written as 2026-11-21 begins in a zone ("" = the browser's), `plus` days later; "" for what is no day. */
export function dayStart(day: string, zone: string, plus = 0): string {
  const at = instantAt(`${later(day, plus)}T00:00`, zone);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString();
}

/** The day of an instant on the calendar of a zone, as in 2026-11-21; `plus` days later. */
export const dayOf = (instant: string | number | Date, zone: string, plus = 0): string => later(wallClock(new Date(instant), zone).slice(0, 10), plus);

/** The day so many days before today. */
export const dayBefore = (days: number, zone: string): string => dayOf(Date.now(), zone, -days);

function later(day: string, days: number): string {
  const at = new Date(`${day}T00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString().slice(0, 10);
}
