import type en from "./locale/en.json";
// Only the visitor's own language is loaded, as a hashed file beside the script.
import enFile from "./locale/en.json?url&no-inline";
import jaFile from "./locale/ja.json?url&no-inline";

type Catalogue = Record<keyof typeof en, string>;

/** The panel's texts in the visitor's language. */
export interface Texts {
  locale: "ja" | "en";
  /** The text for a key, its {marks} filled in. */
  t(key: keyof Catalogue, values?: Readonly<Record<string, string>>): string;
}

/** Makes the panel's texts from a catalogue. */
export function textsFrom(locale: "ja" | "en", catalogue: Catalogue): Texts {
  return { locale, t: (key, values) => catalogue[key].replace(/\{(\w+)\}/g, (_, name: string) => values?.[name] ?? "") };
}

/** Loads the texts; `server` is where the panel itself came from. */
export async function loadTexts(server: string, locale: "ja" | "en"): Promise<Texts> {
  const answer = await fetch(server + (locale === "ja" ? jaFile : enFile));
  return textsFrom(locale, (await answer.json()) as Catalogue);
}
