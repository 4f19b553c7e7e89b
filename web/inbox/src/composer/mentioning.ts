/** A colleague who can be mentioned. */
export interface Person {
  id: number;
  name: string;
}

/** What is being picked after "@"; null when nothing is. */
export type Mentioning = { people: readonly Person[]; at: number; pick: (person: Person) => void } | null;

/** What stands between an "@" and the end of the text; null without one. Japanese puts no space before a name. */
export const wanted = (text: string): string | null => /@([^\s@\ufffc]*)$/.exec(text)?.[1] ?? null;
