import { normalise } from "../palette/match.ts";
import type { Answer, Source } from "./picking.ts";

/** What may stand between {{ and }}, as the server knows it. */
export const variables = ["contact.name", "contact.email", "contact.phone", "ticket.number", "member.name", "workspace.name", "channel.name"] as const;

export type Variable = (typeof variables)[number];

/** What stands for variables: {"contact.name": "青井"}. */
export type Values = Readonly<Record<string, string>>;

const known: readonly string[] = variables;
const variable = /\{\{\s*([^{}|]*?)\s*(?:\|([^{}]*))?\}\}/g;

/** Fills variables in; one without a value takes what stands behind its bar, "{{contact.name|お客様}}", or stays to be seen. */
export const fill = (text: string, values: Values): string =>
  text.replace(variable, (whole, name: string, otherwise: string | undefined) => values[name]?.trim() || otherwise?.trim() || whole);

/** The first variable that nobody knows, "" if all are known. */
export const unknown = (text: string): string => [...text.matchAll(variable)].find(([, name = ""]) => !known.includes(name))?.[0] ?? "";

/** Where a text still has variables to be filled in; other double braces are none of ours. */
export const unfilled = (text: string): { at: number; text: string }[] =>
  [...text.matchAll(variable)].filter(([, name = ""]) => known.includes(name)).map((match) => ({ at: match.index, text: match[0] }));

interface Doc {
  descendants: (look: (node: { text?: string | undefined }, at: number) => void) => void;
}

/** The same in an editor's document, with positions there. */
export function unfilledIn(doc: Doc): { from: number; to: number; text: string }[] {
  const found: { from: number; to: number; text: string }[] = [];
  doc.descendants((node, from) => {
    for (const { at, text } of unfilled(node.text ?? "")) found.push({ from: from + at, to: from + at + text.length, text });
  });
  return found;
}

/** How people call a variable, and what they are told where it has no value. */
interface Words {
  of: (name: Variable) => string;
  /** Other words that find it, for Japanese its reading: it is found before it is converted. */
  also: (name: Variable) => string;
  none: string;
}

/**
 * The variables whose name, or what people call it, has the query in it: their value is what is put in, without one the
 * variable to be seen. One typed to its end is found if it has a value.
 */
export function findVariables(query: string, values: Values, words: Words): Answer[] {
  const asked = normalise(query.replace(/[}｝]+$/, ""));
  const ended = /[}｝]$/.test(query);
  const valueOf = (name: Variable) => values[name]?.trim() ?? "";
  return variables
    .filter((name) => (ended ? name === asked && valueOf(name) !== "" : normalise([name, words.of(name), words.also(name)].join("\n").replaceAll(" ", "")).includes(asked)))
    .map((name) => {
      const value = valueOf(name);
      return { id: name, label: words.of(name), hint: value || words.none, content: [{ type: "text", text: value || `{{${name}}}` }] };
    });
}

/** Variables after "{{", also as Japanese keyboards write it; braces of a program, which go on with a space or a sign, find none. */
export const variablesTyped = (find: (query: string) => Promise<Answer[]>): Source => ({
  of: "variable",
  sign: 2,
  wanted: (text) => /(?:\{\{|｛｛)([^\s{}｛｝|\ufffc]*[}｝]{0,2})$/.exec(text)?.[1] ?? null,
  find,
});
