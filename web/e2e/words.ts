// The inbox app's own texts, so that a test finds a screen in whichever language its project speaks.
import { readdirSync, readFileSync } from "node:fs";
import { type Catalogue, translator } from "../kit/src/i18n.ts";

const folder = new URL("../inbox/src/locale/", import.meta.url);

/** Gives the text of a key, with its marks filled in. */
export type Word = (key: string, values?: Record<string, string | number>) => string;

/** The app's texts in a language. */
export function words(language: "ja" | "en"): Word {
  const files = readdirSync(folder).filter((name) => name.endsWith(`.${language}.json`));
  const texts = Object.assign({}, ...files.map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Catalogue)) as Catalogue;
  const translate = translator(language, texts);
  return (key, values) => {
    if (!(key in texts) && !(`${key}_other` in texts)) throw new Error(`the app has no text ${key}`);
    return translate(key, values);
  };
}
