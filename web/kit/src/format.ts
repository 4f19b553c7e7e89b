/** Dates, numbers and times of one locale and zone, the way people there write them. */
export interface Formats {
  number(value: number): string;
  /** "14:05" */
  time(at: Date): string;
  /** "Mon 21 Nov" / "11月21日(金)", with the year when it is another one. */
  day(at: Date, now: Date): string;
  /** Day, time and zone in full, for hover and screen readers. */
  exact(at: Date): string;
  /** "Nov 21, 14:05", for snoozes and histories. */
  moment(at: Date, now: Date): string;
  /** Short distance to now for list rows: "now", "5m ago", then the time, the weekday, the date. */
  ago(at: Date, now: Date): string;
  /** A length of time in its largest unit: "5m", "2h", "3d". */
  span(ms: number): string;
  /** "12 kB", "3.4 MB" */
  bytes(size: number): string;
  /** "A, B and C" */
  list(items: readonly string[]): string;
  /** Name of a language in this locale: "Japanese". */
  language(tag: string): string;
  /** "1:05" for players. */
  clock(seconds: number): string;
  /** Days between two instants on this zone's calendar: 0 = same day, 1 = the day before `now`. */
  daysBefore(at: Date, now: Date): number;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Makes the formats of a locale in a time zone ("" = the browser's). */
export function formats(locale: string, zone = ""): Formats {
  const timeZone = knownZone(zone);
  const with_ = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, timeZone ? { ...options, timeZone } : options);
  const time = with_({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const dayThisYear = with_({ month: "short", day: "numeric", weekday: "short" });
  const dayWithYear = with_({ year: "numeric", month: "short", day: "numeric" });
  const dayShort = with_({ month: "numeric", day: "numeric" });
  const dayShortYear = with_({ year: "numeric", month: "numeric", day: "numeric" });
  const exact = with_({ dateStyle: "full", timeStyle: "long" });
  const moment = with_({ month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const momentYear = with_({ year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const weekday = with_({ weekday: "short" });
  const calendar = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", ...(timeZone ? { timeZone } : {}) });
  const number = new Intl.NumberFormat(locale);
  const list = new Intl.ListFormat(locale, { type: "conjunction" });
  const languages = new Intl.DisplayNames(locale, { type: "language" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "narrow" });
  // In Japanese the narrow units are Latin letters, and the short ones have a space that nobody writes.
  const japanese = /^ja\b/.test(locale);
  const unit = (name: string) => {
    const format = new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: japanese ? "short" : "narrow", maximumFractionDigits: 0 });
    return { format: (value: number) => (japanese ? format.format(value).replace(/\s/g, "") : format.format(value)) };
  };
  const units = { minute: unit("minute"), hour: unit("hour"), day: unit("day") };
  const sizes = ["kilobyte", "megabyte", "gigabyte"].map(
    (name) => new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: 1 }),
  );
  const dayNumber = (at: Date) => Date.parse(`${calendar.format(at)}T00:00:00Z`) / day;
  const sameYear = (a: Date, b: Date) => calendar.format(a).slice(0, 4) === calendar.format(b).slice(0, 4);
  const daysBefore = (at: Date, now: Date) => dayNumber(now) - dayNumber(at);
  const span = (ms: number) => {
    const length = Math.max(0, ms);
    if (length < hour) return units.minute.format(Math.floor(length / minute));
    if (length < day) return units.hour.format(Math.floor(length / hour));
    return units.day.format(Math.floor(length / day));
  };
  return {
    number: (value) => number.format(value),
    time: (at) => time.format(at),
    day: (at, now) => (sameYear(at, now) ? dayThisYear : dayWithYear).format(at),
    exact: (at) => exact.format(at),
    moment: (at, now) => (daysBefore(at, now) === 0 ? time : sameYear(at, now) ? moment : momentYear).format(at),
    ago: (at, now) => {
      const gone = now.getTime() - at.getTime();
      if (gone < minute) return relative.format(0, "second");
      const days = daysBefore(at, now);
      if (gone < hour) return relative.format(-Math.floor(gone / minute), "minute");
      if (days <= 0) return time.format(at);
      if (days === 1) return relative.format(-1, "day");
      if (days < 7) return weekday.format(at);
      return (sameYear(at, now) ? dayShort : dayShortYear).format(at);
    },
    span,
    bytes: (size) => {
      const kilobytes = Math.max(size, 100) / 1000; // what is smaller is not worth a unit of its own
      const power = Math.min(sizes.length - 1, Math.max(0, Math.floor(Math.log10(kilobytes) / 3)));
      return (sizes[power] ?? number).format(kilobytes / 1000 ** power);
    },
    list: (items) => list.format(items),
    language: (tag) => {
      try {
        return languages.of(tag) ?? tag;
      } catch {
        return tag;
      }
    },
    clock: (seconds) => {
      const whole = Number.isFinite(seconds) ? Math.floor(seconds) : 0;
      return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    },
    daysBefore,
  };
}

/** The zone if this browser knows it, else "" (its own). */
function knownZone(zone: string): string {
  if (!zone) return "";
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return "";
  }
}
