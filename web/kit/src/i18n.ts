/** A locale's texts: flat keys, `{name}` marks a value. English is the one the keys are typed from. */
export type Catalogue<Keys extends string = string> = Readonly<Record<Keys, string>>;

/** Gives the text for a key with its `{name}` marks filled in. */
export type Translate<Keys extends string> = (key: Keys, values?: Readonly<Record<string, string | number>>) => string;

/**
 * Makes the translate function of one locale. Counted texts have one key per plural form, `key_one`, `key_other`
 * (Intl.PluralRules decides by `values.count`), and are asked for by their plain `key`.
 */
export function translator<Texts extends Catalogue>(locale: string, texts: Texts): Translate<PlainKey<keyof Texts & string>> {
  const plural = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale);
  return (key, values = {}) => {
    const count = values["count"];
    const form = typeof count === "number" ? `${key}_${plural.select(count)}` : key;
    const text = texts[form] ?? texts[`${key}_other`] ?? texts[key] ?? key;
    return fill(text, (name) => {
      const value = values[name];
      return typeof value === "number" ? number.format(value) : value;
    }).join("");
  };
}

/** Splits a text at its `{name}` marks and puts in what `value` gives; a mark without a value stays visible. */
export function fill<Value>(text: string, value: (name: string) => Value | undefined): (string | Value)[] {
  return text.split(/(\{\w+\})/).flatMap((piece): (string | Value)[] => {
    const name = /^\{(\w+)\}$/.exec(piece)?.[1];
    const found = name === undefined ? undefined : value(name);
    return found !== undefined ? [found] : piece ? [piece] : [];
  });
}

/** A key as it is asked for: without its plural form. */
export type PlainKey<Key extends string> = Key extends `${infer Stem}_${"zero" | "one" | "two" | "few" | "many" | "other"}` ? Stem : Key;
