import type { T } from "../../i18n/index.tsx";
import type { Telling } from "../../notify/device.ts";

export const kinds = ["message", "assigned", "mentioned", "reminder", "sla", "wait", "channel", "other"] as const;
type Kind = (typeof kinds)[number];

export type Values = { [K in Kind as `screen.${K}` | `devices.${K}`]: boolean } & { quiet: boolean; from: string; until: string; hide: boolean; online: boolean };

const clock = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
const minuteOf = (time: string) => {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes || 0;
};

/** What the form begins with; whoever never chose finds a night. */
export function valuesOf({ not_on_screen, not_on_devices, quiet, hide_content, stay_online }: Telling): Values {
  const chosen = quiet.from !== quiet.until;
  const values: Record<string, unknown> = { quiet: quiet.on, from: clock(chosen ? quiet.from : 22 * 60), until: clock(chosen ? quiet.until : 7 * 60), hide: hide_content, online: stay_online };
  for (const kind of kinds) {
    values[`screen.${kind}`] = !not_on_screen.includes(kind);
    values[`devices.${kind}`] = !not_on_devices.includes(kind);
  }
  return values as Values;
}

export const tellingOf = (values: Values): Telling => ({
  not_on_screen: kinds.filter((kind) => !values[`screen.${kind}`]),
  not_on_devices: kinds.filter((kind) => !values[`devices.${kind}`]),
  quiet: { on: values.quiet, from: minuteOf(values.from), until: minuteOf(values.until) },
  hide_content: values.hide,
  stay_online: values.online,
});

/** The quiet hours in a sentence. */
export function quietSummary(t: T, { quiet, from, until }: Values): string {
  if (!quiet) return t("telling.quiet_never");
  return t(from < until ? "telling.quiet_summary" : "telling.quiet_summary_night", { from, until });
}
