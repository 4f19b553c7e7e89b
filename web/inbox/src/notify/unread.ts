import type { Counts } from "../api/types.ts";

/** How many conversations are unread for the viewer: the number on title, icon and navigation (G6.2). */
export const unreadOf = (counts: Counts | undefined): number => (counts?.mine_unread ?? 0) + (counts?.unassigned_unread ?? 0);
