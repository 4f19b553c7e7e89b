import type { Key } from "../i18n/index.tsx";
import { instantAt, wallClock } from "../i18n/wall-clock.ts";

/** A ready-made time to sleep until. */
export interface SnoozePreset {
  id: string;
  label: Key;
  until: Date;
  /** The same as the clock on the wall shows it. */
  wall: string;
}

const morning = 9;
const hour = 3_600_000;

/** The times offered now, in the viewer's zone ("" = the browser's); those that would be in the past or meaningless are left out. */
export function snoozePresets(now: Date, zone: string): SnoozePreset[] {
  const here = new Date(`${wallClock(now, zone)}Z`); // reckoned as if that clock were UTC's
  const toMonday = (8 - here.getUTCDay()) % 7 || 7;
  const after = (hours: number): Pick<SnoozePreset, "until" | "wall"> => {
    const until = new Date(now.getTime() + hours * hour);
    return { until, wall: wallClock(until, zone) };
  };
  const at = (days: number, clock: number): Pick<SnoozePreset, "until" | "wall"> => {
    const wall = new Date(Date.UTC(here.getUTCFullYear(), here.getUTCMonth(), here.getUTCDate() + days, clock)).toISOString().slice(0, 16);
    return { until: instantAt(wall, zone), wall };
  };
  const all: SnoozePreset[] = [
    { id: "hour", label: "snooze.hour", ...after(1) },
    { id: "hours", label: "snooze.hours", ...after(3) },
    { id: "evening", label: "snooze.evening", ...at(0, 17) },
    { id: "tomorrow", label: "snooze.tomorrow", ...at(1, morning) },
    { id: "monday", label: "snooze.monday", ...at(toMonday, morning) },
    { id: "week", label: "snooze.week", ...at(7, morning) },
  ];
  return all.filter(({ id, until }) => (id === "evening" ? until.getTime() - now.getTime() > hour : id !== "monday" || toMonday > 1));
}
