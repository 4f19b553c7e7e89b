import type { Counts } from "../api/types.ts";

/** How many conversations are unread for the viewer (G2.7): the number on title, icon and navigation (G6.2). */
export const unreadOf = (counts: Counts | undefined): number => counts?.unread ?? 0;
