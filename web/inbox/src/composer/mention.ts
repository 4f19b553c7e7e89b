import type { Member } from "../api/types.ts";
import type { Answer, Source } from "./picking.ts";

/** A colleague who can be mentioned. */
export interface Person {
  id: number;
  name: string;
}

const mostShown = 6;

/** The active colleagues in whose name a text stands, the first few. */
export function colleaguesNamed(text: string, all: readonly Member[], locale: string): Person[] {
  const wanted = text.toLocaleLowerCase(locale);
  return all
    .filter((member) => member.active && member.name.toLocaleLowerCase(locale).includes(wanted))
    .slice(0, mostShown)
    .map((member) => ({ id: member.user_id, name: member.name }));
}

const answers = (people: readonly Person[]) =>
  people.map(({ id, name }): Answer => ({ id: String(id), label: name, person: id, content: [{ type: "mention", attrs: { id, label: name } }, { type: "text", text: " " }] }));

/** Colleagues after "@". Japanese puts no space before a name. */
export const colleagues = (people: (query: string) => Person[] | Promise<Person[]>): Source => ({
  of: "mention",
  wanted: (text) => /@([^\s@\ufffc]*)$/.exec(text)?.[1] ?? null,
  find: (query) => {
    const found = people(query);
    return Array.isArray(found) ? answers(found) : found.then(answers);
  },
});
