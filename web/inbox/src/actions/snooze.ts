import type { Key } from "../i18n/index.tsx";

/** A ready-made time to sleep until. */
export interface SnoozePreset {
  id: string;
  label: Key;
  until: Date;
}

const morning = 9;

/** The times offered now, in the viewer's own clock; those that would be in the past or meaningless are left out. */
export function snoozePresets(now: Date): SnoozePreset[] {
  const at = (days: number, hour: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
  const toMonday = (8 - now.getDay()) % 7 || 7;
  const all: SnoozePreset[] = [
    { id: "hour", label: "snooze.hour", until: new Date(now.getTime() + 3_600_000) },
    { id: "hours", label: "snooze.hours", until: new Date(now.getTime() + 3 * 3_600_000) },
    { id: "evening", label: "snooze.evening", until: at(0, 17) },
    { id: "tomorrow", label: "snooze.tomorrow", until: at(1, morning) },
    { id: "monday", label: "snooze.monday", until: at(toMonday, morning) },
    { id: "week", label: "snooze.week", until: at(7, morning) },
  ];
  return all.filter(({ id, until }) => (id === "evening" ? until.getTime() - now.getTime() > 3_600_000 : id !== "monday" || toMonday > 1));
}

/** What a datetime-local field holds for an instant. */
export function localValue(at: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
