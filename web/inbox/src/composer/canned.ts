import { normalise } from "../palette/match.ts";
import type { Answer, Source } from "./picking.ts";

/** A text kept to be used again, as far as the composer needs it. */
export interface Canned {
  id: number;
  name: string;
  reading: string;
  folder?: string;
  texts: Readonly<Record<string, string>>;
  uses: number;
}

const most = 8;

/** The text in the first of the languages that it has. */
export const textIn = (texts: Canned["texts"], languages: readonly string[]): string => languages.map((one) => texts[one]).find(Boolean) ?? Object.values(texts)[0] ?? "";

/** The folders that there are, in order. */
export const foldersOf = (all: readonly Canned[]): string[] => [...new Set(all.map((one) => one.folder ?? ""))].filter(Boolean).sort((a, b) => a.localeCompare(b));

/** Whether the letters stand there in this order, with others between. */
function spread(name: string, asked: string): boolean {
  let at = -1;
  return [...asked].every((letter) => (at = name.indexOf(letter, at + 1)) >= 0);
}

/** Those found by name, reading, folder or text, or by letters of their name; the ones whose name begins so first, then the most used. */
export function findCanned<C extends Canned>(all: readonly C[], query: string, atMost = most): C[] {
  const asked = normalise(query);
  const rank = (one: C) => {
    const names = [one.name, one.reading, one.folder ?? ""].map(normalise);
    if (names.some((name) => name.startsWith(asked))) return 0;
    if (names.some((name) => name.includes(asked))) return 1;
    if (Object.values(one.texts).some((text) => normalise(text).includes(asked))) return 2;
    return names.some((name) => spread(name, asked)) ? 3 : 4;
  };
  return all
    .map((one) => ({ one, at: rank(one) }))
    .filter(({ at }) => at < 4)
    .sort((a, b) => a.at - b.at || b.one.uses - a.one.uses)
    .slice(0, atMost)
    .map(({ one }) => one);
}

/** A text as the editor takes it in: line by line. */
const inline = (text: string): Answer["content"] => text.split("\n").flatMap((line, i) => [...(i > 0 ? [{ type: "hardBreak" }] : []), ...(line ? [{ type: "text", text: line }] : [])]);

/** An answer of a canned reply, its variables filled in. */
export const cannedAnswer = (one: Canned, text: string, picked: () => void): Answer => ({ id: `c${one.id}`, label: one.folder ? `${one.folder} / ${one.name}` : one.name, hint: text.replace(/\s+/g, " ").slice(0, 120), content: inline(text), picked });

/** Canned replies after "/" at the beginning of a line or after a space, so that "24/7" and addresses stay what they are. */
export const cannedReplies = (find: (query: string) => Answer[] | Promise<Answer[]>): Source => ({
  of: "canned",
  wanted: (text) => /(?:^|[\s\u3000\ufffc])[/／]([^\s/／]*)$/.exec(text)?.[1] ?? null,
  find,
});
