import type { SuggestionProps } from "@tiptap/suggestion";

/** A colleague who can be mentioned. */
export interface Person {
  id: number;
  name: string;
}

/** What is being picked after "@"; null when nothing is. */
export type Mentioning = { props: SuggestionProps<Person>; at: number } | null;

/** Puts a colleague's mention into the text. */
export function pick(now: NonNullable<Mentioning>, person: Person): void {
  now.props.command({ id: person.id, label: person.name } as unknown as Person);
}
