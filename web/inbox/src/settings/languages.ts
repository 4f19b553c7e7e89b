import type { Locale } from "../api/types.ts";
import { locales } from "../i18n/catalogue.ts";
import type { Option } from "../ui/select.tsx";

/** A language in its own words. */
export const languageName = (locale: Locale) => new Intl.DisplayNames(locale, { type: "language" }).of(locale) ?? locale;

/** The languages to choose from, each in its own words. */
export function languages(): readonly Option<Locale>[] {
  return locales.map((value) => ({ value, label: languageName(value) }));
}
