import type { Interval } from "../api.ts";

/** An interval as it is typed. An end at or before the start means the next day. */
export interface Hours {
  start: string;
  end: string;
}

export type Week = readonly (readonly Interval[])[];
export type TypedWeek = readonly (readonly Hours[])[];

const dayEnd = 1440;

/** "09:00" of minutes since midnight; the end of the day is 24:00. */
export function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** Reads a time as people type it: 9, 9:30, 930, 0930, 18時, ９：００, 24:00. Null if it is none. */
export function minutes(typed: string): number | null {
  const text = typed.normalize("NFKC").trim().replace(/時(半)?(?:(\d+)分?)?$/, (_, half: string | undefined, rest: string | undefined) => (half ? ":30" : `:${rest ?? "00"}`));
  const [, hour, minute = "0"] = /^(\d{1,2})(?:[:.]?(\d{2}))?$/.exec(text) ?? /^(\d)(\d{2})$/.exec(text) ?? [];
  if (hour === undefined) return null;
  const total = Number(hour) * 60 + Number(minute);
  return Number(minute) < 60 && total <= dayEnd ? total : null;
}

/** Writes what was typed the usual way; what cannot be read stays as it is. */
export function tidy(typed: string): string {
  const found = minutes(typed);
  return found === null ? typed : clock(found);
}

export type HoursFault = "unreadable" | "empty" | "overlap";

/** What is wrong with one day's hours, by row; null = nothing. `overnight` allows hours that end the next day. */
export function faults(day: readonly Hours[], overnight: boolean): (HoursFault | null)[] {
  const read = day.map(({ start, end }) => ({ start: minutes(start), end: minutes(end) }));
  return read.map(({ start, end }, i) => {
    if (start === null || end === null || start === dayEnd) return "unreadable";
    if (end <= start && (!overnight || end === start)) return "empty";
    const mine = span(start, end);
    const clash = read.slice(0, i).some((other) => other.start !== null && other.end !== null && meet(mine, span(other.start, other.end)));
    return clash ? "overlap" : null;
  });
}

const span = (start: number, end: number): Interval => ({ start, end: end <= start ? dayEnd + end : end });
const meet = (a: Interval, b: Interval) => a.start < b.end && b.start < a.end;

/** The intervals as typed, those over midnight in one piece on the day they begin. */
export function typed(week: Week): Hours[][] {
  const overnight = (day: number) => {
    const late = (week[day] ?? []).find((one) => one.end === dayEnd);
    const early = (week[(day + 1) % 7] ?? []).find((one) => one.start === 0);
    return late && early && late.start > 0 && early.end < late.start && early.end < dayEnd ? { late, early } : null;
  };
  return Array.from({ length: 7 }, (_, day) => {
    const into = overnight((day + 6) % 7)?.early;
    const over = overnight(day);
    return (week[day] ?? []).filter((one) => one !== into).map((one) => ({ start: clock(one.start), end: clock(one === over?.late ? over.early.end : one.end) }));
  });
}

/** The typed hours as the server keeps them: sorted, and split at midnight (0.8). Call it only without faults. */
export function week(typedWeek: TypedWeek): Interval[][] {
  const days: Interval[][] = Array.from({ length: 7 }, () => []);
  typedWeek.forEach((hours, day) => {
    for (const { start, end } of intervals(hours)) {
      days[day]?.push({ start, end: end <= start ? dayEnd : end });
      if (end <= start && end > 0) days[(day + 1) % 7]?.push({ start: 0, end });
    }
  });
  return days.map(joined);
}

/** One date's hours as the server keeps them. */
export const special = (hours: readonly Hours[]): Interval[] => joined(intervals(hours));

function intervals(hours: readonly Hours[]): Interval[] {
  return hours.flatMap(({ start, end }) => {
    const [from, to] = [minutes(start), minutes(end)];
    return from === null || to === null ? [] : [{ start: from, end: to }];
  });
}

/** Sorts, and joins what touches or overlaps. */
function joined(day: readonly Interval[]): Interval[] {
  const out: Interval[] = [];
  for (const one of [...day].sort((a, b) => a.start - b.start)) {
    const last = out.at(-1);
    if (last && one.start <= last.end) last.end = Math.max(last.end, one.end);
    else out.push({ ...one });
  }
  return out;
}

/** Whether two days that follow each other both open over the same night, which joining would hide. */
export function clashes(typedWeek: TypedWeek): boolean[] {
  return typedWeek.map((day, i) => {
    const late = intervals(day).find(({ start, end }) => end <= start);
    const next = intervals(typedWeek[(i + 1) % 7] ?? []);
    return late !== undefined && next.some(({ start }) => start < late.end);
  });
}

/** Hours to propose for one more interval of a day. */
export function proposal(day: readonly Hours[]): Hours {
  const last = day.at(-1);
  const end = last ? minutes(last.end) : null;
  if (end === null || end > 22 * 60) return day.length ? { start: "", end: "" } : { start: "09:00", end: "18:00" };
  return { start: clock(end + 60), end: clock(Math.min(dayEnd, Math.max(end + 120, 18 * 60))) };
}

/** Minutes open in a week. */
export const openMinutes = (days: Week) => days.flat().reduce((sum, { start, end }) => sum + end - start, 0);
