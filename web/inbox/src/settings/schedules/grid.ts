import { clock, minutes, type Hours } from "./hours.ts";

/** Opening hours as minutes since the day's midnight; what ends the next day ends after 1440. */
export interface Span {
  start: number;
  end: number;
}

/** What the grid shows of a day, minutes: to six in the morning of the next. */
export const shownMinutes = 30 * 60;
export const stepMinutes = 15;
const dayEnd = 1440;

/** The nearest quarter of an hour on the grid. */
export const snap = (at: number): number => Math.min(shownMinutes, Math.max(0, Math.round(at / stepMinutes) * stepMinutes));

/** The day's hours that can be read, each with its place in the list. */
export function spans(day: readonly Hours[]): (Span & { at: number })[] {
  return day.flatMap(({ start, end }, at) => {
    const [from, to] = [minutes(start), minutes(end)];
    if (from === null || to === null || from >= dayEnd || from === to) return [];
    return [{ start: from, end: to < from ? to + dayEnd : to, at }];
  });
}

/** Hours as they are typed. */
export const typedSpan = ({ start, end }: Span): Hours => ({ start: clock(start), end: clock(end > dayEnd ? end - dayEnd : end) });

/** The room a span has between the others of its day; at most a day long, beginning before midnight. */
function room(day: readonly Hours[], at: number, start: number): Span {
  const others = spans(day).filter((one) => one.at !== at);
  return {
    start: Math.max(0, ...others.filter((one) => one.end <= start).map(({ end }) => end)),
    end: Math.min(shownMinutes, ...others.filter((one) => one.start >= start).map((one) => one.start)),
  };
}

/** Which part of a span is moved. */
export type Grip = "start" | "end" | "whole";

/** Moves one end of a span, or all of it, to where it has room. */
export function moved(day: readonly Hours[], at: number, grip: Grip, by: number): Hours[] {
  const span = spans(day).find((one) => one.at === at);
  if (!span) return [...day];
  const { start: low, end: high } = room(day, at, span.start);
  const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));
  let { start, end } = span;
  if (grip === "start") start = within(snap(start + by), low, Math.min(end - stepMinutes, dayEnd - stepMinutes));
  else if (grip === "end") end = within(snap(end + by), start + stepMinutes, Math.min(high, start + dayEnd - stepMinutes));
  else {
    const length = end - start;
    start = within(snap(start + by), low, Math.min(high - length, dayEnd - stepMinutes));
    end = start + length;
  }
  return day.map((one, i) => (i === at ? typedSpan({ start, end }) : one));
}

/** Adds hours drawn from one minute to another; none if there is no room. */
export function drawn(day: readonly Hours[], from: number, to: number): Hours[] | null {
  const start = Math.min(snap(from), snap(to), dayEnd - stepMinutes);
  if (spans(day).some((one) => one.start <= start && start < one.end)) return null;
  const { end: high } = room(day, -1, start);
  const end = Math.min(Math.max(snap(from), snap(to), start + stepMinutes), high);
  return [...day, typedSpan({ start, end })];
}
