import type { PlainKey } from "@madoguchi/kit";
import type { Locale } from "../api/types.ts";
import type customer from "../locale/customer.en.json";
import type entry from "../locale/entry.en.json";
import type inbox from "../locale/inbox.en.json";
import type settings from "../locale/settings.en.json";
import type shell from "../locale/shell.en.json";

/** Every text's key, typed from the English catalogue; one line per room. */
export type Key = PlainKey<(keyof typeof shell | keyof typeof inbox | keyof typeof customer | keyof typeof settings | keyof typeof entry) & string>;

export const locales: readonly Locale[] = ["ja", "en"];

/** Loads the texts of one locale; each locale is a chunk of its own. */
export async function texts(locale: Locale): Promise<Record<string, string>> {
  return locale === "ja" ? (await import("../locale/ja.ts")).default : (await import("../locale/en.ts")).default;
}
