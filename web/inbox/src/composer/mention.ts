import type { Answer, Source } from "./picking.ts";

/** A colleague who can be mentioned. */
export interface Person {
  id: number;
  name: string;
}

/** Colleagues after "@". Japanese puts no space before a name. */
export const colleagues = (people: (query: string) => Person[]): Source => ({
  of: "mention",
  wanted: (text) => /@([^\s@\ufffc]*)$/.exec(text)?.[1] ?? null,
  find: (query) =>
    people(query).map(({ id, name }): Answer => ({ id: String(id), label: name, person: id, content: [{ type: "mention", attrs: { id, label: name } }, { type: "text", text: " " }] })),
});
