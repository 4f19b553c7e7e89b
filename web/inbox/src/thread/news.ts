import type { Id, Message } from "../api/types.ts";

/**
 * What to read aloud of a thread: what others said after `heard`, the newest seq there was. What is loaded above is older, and what
 * happened beside is quiet.
 */
export const newsOf = (items: readonly Message[], heard: number, me: Id): Message[] =>
  items.filter(({ seq, author, system }) => seq > heard && !system && (author.kind === "customer" || author.id !== me)).sort((a, b) => a.seq - b.seq);
