/** What a clock on the wall in a zone ("" = the browser's) shows at an instant, as a datetime-local field holds it: "2026-11-22T09:00". */
export function wallClock(at: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", { ...(zone ? { timeZone: zone } : {}), year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/** The instant at which the clock in a zone shows this; where it never does, one that is an hour off (0.9). */
export function instantAt(wall: string, zone: string): Date {
  const shown = Date.parse(`${wall}Z`);
  if (Number.isNaN(shown)) return new Date(Number.NaN);
  const ahead = (at: number) => Date.parse(`${wallClock(new Date(at), zone)}Z`) - Math.floor(at / 60_000) * 60_000;
  const guess = shown - ahead(shown);
  return new Date(shown - ahead(guess));
}
