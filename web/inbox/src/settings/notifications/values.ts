import type { T } from "../../i18n/index.tsx";
import type { Telling } from "../../notify/device.ts";

export const kinds = ["message", "assigned", "mentioned", "reminder", "sla", "wait", "channel", "other"] as const;
type Kind = (typeof kinds)[number];

export type Values = { [K in Kind as `screen.${K}` | `devices.${K}` | `mail.${K}`]: boolean } & { quiet: boolean; from: string; until: string; hide: boolean } & MailValues;

export type DigestEvery = "never" | "daily" | "weekly";

/** When e-mails come, as the form holds it. */
interface MailValues {
  away: string;
  digest: DigestEvery;
  digest_at: string;
  weekday: string;
}

/** From Monday; 0 is Sunday. */
export const weekdays = [1, 2, 3, 4, 5, 6, 0] as const;

/** The minutes to choose from, and whatever was chosen otherwise. */
export const awayOptions = (now: string): string[] => [...new Set(["5", "15", "30", "60", "240", now])].sort((a, b) => Number(a) - Number(b));

/** Whether any kind is e-mailed. */
export const mailed = (values: Values): boolean => kinds.some((kind) => values[`mail.${kind}`]);

const clock = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
const minuteOf = (time: string) => {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes || 0;
};

/** What the form begins with; whoever never chose finds a night. */
export function valuesOf({ not_on_screen, not_on_devices, quiet, hide_content, by_mail, away_minutes, digest }: Telling): Values {
  const chosen = quiet.from !== quiet.until;
  const values: Record<string, unknown> = { quiet: quiet.on, from: clock(chosen ? quiet.from : 22 * 60), until: clock(chosen ? quiet.until : 7 * 60), hide: hide_content };
  const mails: MailValues = { away: String(away_minutes || 15), digest: digest?.every || "never", digest_at: clock(digest?.every ? digest.at : 9 * 60), weekday: String(digest?.every ? digest.weekday : 1) };
  Object.assign(values, mails);
  for (const kind of kinds) {
    values[`screen.${kind}`] = !not_on_screen.includes(kind);
    values[`devices.${kind}`] = !not_on_devices.includes(kind);
    values[`mail.${kind}`] = (by_mail ?? []).includes(kind);
  }
  return values as unknown as Values;
}

/** What the form says; whether pushes keep one online is chosen beside the devices. */
export const tellingOf = (values: Values, { stay_online }: Pick<Telling, "stay_online">): Telling => ({
  not_on_screen: kinds.filter((kind) => !values[`screen.${kind}`]),
  not_on_devices: kinds.filter((kind) => !values[`devices.${kind}`]),
  quiet: { on: values.quiet, from: minuteOf(values.from), until: minuteOf(values.until) },
  hide_content: values.hide,
  stay_online,
  by_mail: kinds.filter((kind) => values[`mail.${kind}`]),
  away_minutes: Number(values.away),
  digest: { every: values.digest === "never" ? "" : values.digest, at: minuteOf(values.digest_at), weekday: Number(values.weekday) },
});

/** The quiet hours in a sentence. */
export function quietSummary(t: T, { quiet, from, until }: Values): string {
  if (!quiet) return t("telling.quiet_never");
  return t(from < until ? "telling.quiet_summary" : "telling.quiet_summary_night", { from, until });
}

/** The digest in a sentence. */
export function digestSummary(t: T, { digest, digest_at: at }: Values, day: string): string {
  return digest === "never" ? t("telling.digest_none") : t(`telling.digest_summary.${digest}`, { at, day });
}
