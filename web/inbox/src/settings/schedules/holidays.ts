/** A date as "2026-11-23". */
type Day = string;

/** From when on the rules below hold unchanged, and until when the equinox formula does. */
export const holidayYears = { first: 2022, last: 2099 };

const written = (year: number, month: number, day: number): Day => new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
const weekday = (day: Day): number => new Date(`${day}T00:00:00Z`).getUTCDay();
const after = (day: Day, days: number): Day => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

function monday(year: number, month: number, nth: number): Day {
  const first = weekday(written(year, month, 1));
  return written(year, month, 1 + ((8 - first) % 7) + (nth - 1) * 7);
}

/** The usual approximation of an equinox's day in Japan, good from 1980 to 2099. */
const equinox = (year: number, base: number) => Math.floor(base + 0.242194 * (year - 1980)) - Math.floor((year - 1980) / 4);

/**
 * Japan's national holidays of a year, by the Act on National Holidays as it stands since 2022: with substitute holidays
 * (the next day that is none, after one on a Sunday) and the day between two holidays. The equinoxes are reckoned; the
 * government announces them each February for the year after.
 */
export function japaneseHolidays(year: number): Day[] {
  const named = new Set<Day>([
    written(year, 1, 1),
    monday(year, 1, 2),
    written(year, 2, 11),
    written(year, 2, 23),
    written(year, 3, equinox(year, 20.8431)),
    written(year, 4, 29),
    written(year, 5, 3),
    written(year, 5, 4),
    written(year, 5, 5),
    monday(year, 7, 3),
    written(year, 8, 11),
    monday(year, 9, 3),
    written(year, 9, equinox(year, 23.2488)),
    monday(year, 10, 2),
    written(year, 11, 3),
    written(year, 11, 23),
  ]);
  const more: Day[] = [];
  for (const day of named) {
    const next = after(day, 1);
    if (!named.has(next) && named.has(after(day, 2)) && weekday(next) !== 0) more.push(next);
    if (weekday(day) !== 0) continue;
    let substitute = next;
    while (named.has(substitute)) substitute = after(substitute, 1);
    more.push(substitute);
  }
  return [...new Set([...named, ...more])].sort();
}
