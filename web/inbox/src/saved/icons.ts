import { Bookmark, Clock, Earth, Flag, Mails, Star, Tags, TriangleAlert, User, Users, type LucideIcon } from "lucide-react";

/** The marks that a saved view may have, by the server's names; pictures that the page itself does not draw, which it would have to share. */
export const viewIcons = { bookmark: Bookmark, star: Star, flag: Flag, clock: Clock, alert: TriangleAlert, globe: Earth, tag: Tags, user: User, team: Users, mail: Mails } as const;

export type ViewIcon = keyof typeof viewIcons;

export const iconNames = Object.keys(viewIcons) as ViewIcon[];

/** The picture of a view's mark; one that we do not know is a bookmark. */
export const iconOf = (name: string): LucideIcon => (name in viewIcons ? viewIcons[name as ViewIcon] : Bookmark);
