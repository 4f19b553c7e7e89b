import type { Locale } from "../api/types.ts";

export interface Zone {
  value: string;
  /** "Asia/Tokyo · Japan Standard Time · UTC+9": found by any of them. */
  label: string;
}

const made = new Map<Locale, readonly Zone[]>();

/** The zone this browser is in. */
export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** One zone as people read it. */
export function zoneLabel(zone: string, locale: Locale, at = new Date()): string {
  const name = (form: "long" | "shortOffset") => {
    try {
      return new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: form }).formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? "";
    } catch {
      return "";
    }
  };
  const offset = name("shortOffset").replace("GMT", "UTC");
  const long = name("long");
  // a zone without a name of its own says its offset twice
  return [zone, /^(GMT|UTC)/.test(long) ? "" : long, offset].filter(Boolean).join(" · ");
}

/** All zones this browser knows, the given ones (which it may not list) among them. */
export function zones(locale: Locale, also: readonly string[] = []): readonly Zone[] {
  let all = made.get(locale);
  if (!all) {
    const names = new Set(["UTC", ...Intl.supportedValuesOf("timeZone")]);
    const at = new Date();
    all = [...names].map((value) => ({ value, label: zoneLabel(value, locale, at) }));
    made.set(locale, all);
  }
  const missing = also.filter((zone) => zone && !all.some(({ value }) => value === zone));
  return missing.length ? [...missing.map((value) => ({ value, label: zoneLabel(value, locale) })), ...all] : all;
}
