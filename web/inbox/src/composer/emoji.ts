import address from "virtual:emoji-data";
import { normalise } from "../palette/match.ts";
import type { Answer, Source } from "./picking.ts";

/** A record of emojibase's data. */
interface Entry {
  hexcode: string;
  label: string;
  emoji: string;
  tags?: string[];
  /** Place among all; what has none is no emoji by itself. */
  order?: number;
  version: number;
}

interface Named {
  emoji: string;
  /** In the viewer's language. */
  label: string;
  order: number;
  /** All it is called, normalised; the labels first. */
  names: string[];
}

const most = 8;
const newest = 15; // later ones are missing from the fonts of many customers

/**
 * Emoji after ":", by their names in the viewer's language and in English. The sign stands at the beginning or after a
 * space or a mark, so that "10:30" and "件名:返品" stay what they are.
 */
export const emojiNames = (locale: () => string): Source => {
  const known = new Map<string, Promise<Named[]>>();
  const named = (language: string) => {
    const all = known.get(language) ?? load(language);
    known.set(language, all);
    all.catch(() => known.delete(language)); // tried again with the next letter
    return all;
  };
  return {
    of: "emoji",
    wanted: (text) => {
      const query = /(?:^|[\s\p{P}])[:：](?![\d_+-]*$)([\p{L}\p{N}_+-]{1,40})$/u.exec(text)?.[1] ?? null;
      return query !== null && (/[^\x20-\x7e]/.test(query) || query.length > 1) ? query : null;
    },
    find: async (query) => fitting(await named(locale()), query).map(({ emoji, label }): Answer => ({ id: emoji, label, emoji, content: [{ type: "text", text: emoji }] })),
  };
};

async function load(language: string): Promise<Named[]> {
  const [own, english] = await Promise.all([...new Set([language, "en"])].map(async (one) => {
    const answer = await fetch(`${address}/${one}/data.json`);
    if (!answer.ok) throw new Error(`emoji data: ${answer.status}`);
    return (await answer.json()) as Entry[];
  }));
  return merged(own ?? [], english ?? []);
}

/** Puts the names of two languages together. */
export function merged(own: readonly Entry[], english: readonly Entry[]): Named[] {
  const other = new Map(english.map((entry) => [entry.hexcode, entry]));
  return own
    .filter(({ order, version }) => order !== undefined && version <= newest)
    .map(({ hexcode, emoji, label, tags = [], order = 0 }) => {
      const also = other.get(hexcode);
      return { emoji, label, order, names: [label, also?.label ?? "", ...tags, ...(also?.tags ?? [])].filter(Boolean).map(normalise) };
    });
}

/** What fits, best first: called just that, beginning so, a word beginning so, anywhere in the name. */
export function fitting(all: readonly Named[], query: string): Named[] {
  const wanted = normalise(query.replaceAll("_", " "));
  const score = (name: string, i: number) => {
    if (name === wanted) return 8 - Math.min(i, 2);
    if (name.startsWith(wanted)) return 5 - Math.min(i, 2);
    if (name.includes(` ${wanted}`)) return 2;
    return wanted.length > 1 && name.includes(wanted) ? 1 : 0;
  };
  return all
    .map((one) => ({ one, best: Math.max(...one.names.map(score)) }))
    .filter(({ best }) => best > 0)
    .sort((a, b) => b.best - a.best || a.one.order - b.one.order)
    .slice(0, most)
    .map(({ one }) => one);
}
