import type { Locale } from "../api/types.ts";
import { locales } from "../i18n/catalogue.ts";
import type { Option } from "../ui/select.tsx";

/** The languages to choose from, each in its own words. */
export function languages(): readonly Option<Locale>[] {
  return locales.map((value) => ({ value, label: new Intl.DisplayNames(value, { type: "language" }).of(value) ?? value }));
}
