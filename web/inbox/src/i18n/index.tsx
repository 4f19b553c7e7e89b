import { fill, formats, translator, type Formats } from "@madoguchi/kit";
import { createContext, Fragment, useContext, useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import type { Locale } from "../api/types.ts";
import { enter, entered, locales, texts, type Key, type Room } from "./catalogue.ts";

export type { Key } from "./catalogue.ts";

/** Gives the text of a key in the viewer's language. */
export type T = (key: Key, values?: Readonly<Record<string, string | number>>) => string;

interface Language {
  locale: Locale;
  t: T;
  /** The same with nodes put in for the marks, so that names can be isolated (F13). */
  rich: (key: Key, values: Readonly<Record<string, ReactNode>>) => ReactNode;
  format: Formats;
  /** Changes language and zone; the page's lang follows. */
  speak: (locale: Locale, zone?: string) => Promise<void>;
  /** Learns the texts of a room that were left out until somebody goes there. */
  learn: (room: Room) => Promise<void>;
  /** The rooms whose texts were learnt. */
  rooms: ReadonlySet<Room>;
}

const LanguageContext = createContext<Language | null>(null);
const kept = "madoguchi.locale";

/** The language to start in: what was used here last, else the browser's. */
export function firstLocale(): Locale {
  const wanted = [localStorage.getItem(kept) ?? "", ...navigator.languages];
  for (const tag of wanted) {
    const found = locales.find((locale) => tag.toLowerCase().startsWith(locale));
    if (found) return found;
  }
  return "en";
}

/** Speaks `locale` to everything below; `catalogue` holds its texts. */
export function LanguageProvider(props: { locale: Locale; catalogue: Record<string, string>; children: ReactNode }) {
  const [state, setState] = useState({ locale: props.locale, catalogue: props.catalogue, zone: "", rooms: new Set<Room>() as ReadonlySet<Room> });

  useEffect(() => {
    document.documentElement.lang = state.locale;
    localStorage.setItem(kept, state.locale);
  }, [state.locale]);

  const speak = useCallback(
    async (locale: Locale, zone = "") => {
      const rooms = entered();
      const catalogue = await texts(locale);
      setState((now) => (now.locale === locale && now.zone === zone ? now : { locale, catalogue, zone, rooms }));
    },
    [],
  );

  const { locale } = state;
  const learn = useCallback(
    async (room: Room) => {
      enter(room);
      const catalogue = await texts(locale);
      setState((now) => {
        if (now.locale !== locale || now.rooms.has(room)) return now; // all that is on the screen speaks: it is drawn anew for new words only
        return { ...now, catalogue: { ...now.catalogue, ...catalogue }, rooms: new Set([...now.rooms, room]) }; // two rooms may arrive in either order
      });
    },
    [locale],
  );

  const format = useMemo(() => formats(state.locale, state.zone), [state.locale, state.zone]);
  const language = useMemo((): Language => {
    const t = translator(state.locale, state.catalogue) as T;
    return {
      locale: state.locale,
      t,
      rich: (key, values) => {
        const count = values["count"];
        const marks = Object.fromEntries(Object.keys(values).map((name) => [name, `{${name}}`]));
        const text = t(key, { ...marks, ...(typeof count === "number" ? { count } : {}) });
        return fill<ReactNode>(text, (name) => values[name]).map((piece, i) => <Fragment key={i}>{piece}</Fragment>);
      },
      format,
      speak,
      learn,
      rooms: state.rooms,
    };
  }, [state, format, speak, learn]);

  return <LanguageContext.Provider value={language}>{props.children}</LanguageContext.Provider>;
}

/** The viewer's language: `t` for texts, `rich` for texts with nodes, `format` for numbers and times. */
export function useLanguage(): Language {
  const language = useContext(LanguageContext);
  if (!language) throw new Error("useLanguage outside of LanguageProvider");
  return language;
}

/** Shorthand for `useLanguage().t`. */
export const useT = () => useLanguage().t;

/** Whether the texts of a room are here; asks for them if not. */
export function useRoom(room: Room): boolean {
  const { learn, rooms } = useLanguage();
  const here = rooms.has(room);
  const [failed, setFailed] = useState<Error | null>(null);
  useEffect(() => {
    if (!here) learn(room).catch((error: unknown) => setFailed(error instanceof Error ? error : new Error(String(error))));
  }, [here, learn, room]);
  if (failed && !here) throw failed;
  return here;
}
