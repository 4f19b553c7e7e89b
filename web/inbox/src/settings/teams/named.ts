import type { Member } from "../../api/types.ts";

/** What colleagues call a member here: the name customers see, else their own. */
export const named = (member: Member): string => member.display_name || member.name;
