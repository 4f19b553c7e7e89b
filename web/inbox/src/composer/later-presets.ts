import { localValue, snoozePresets, type SnoozePreset } from "../actions/snooze.ts";
import { wallClock } from "../i18n/wall-clock.ts";

/** The times that are offered now, as the clock in a zone shows them; without a zone, in the browser's own. */
export function presetsIn(zone: string): (Omit<SnoozePreset, "until"> & { wall: string })[] {
  const here = zone ? new Date(wallClock(new Date(), zone)) : new Date(); // that clock's time, as if it were this machine's
  return snoozePresets(here).map(({ until, ...rest }) => ({ ...rest, wall: localValue(until) }));
}
