import type { PlainKey } from "@madoguchi/kit";
import type { Locale } from "../api/types.ts";
import type audit from "../locale/audit.en.json";
import type board from "../locale/board.en.json";
import type colors from "../locale/colors.en.json";
import type contacts from "../locale/contacts.en.json";
import type customer from "../locale/customer.en.json";
import type find from "../locale/find.en.json";
import type entry from "../locale/entry.en.json";
import type waiting from "../locale/later.en.json";
import type inbox from "../locale/inbox.en.json";
import type macros from "../locale/macros.en.json";
import type notifications from "../locale/notifications.en.json";
import type routing from "../locale/routing.en.json";
import type saved from "../locale/saved.en.json";
import type sections from "../locale/sections.en.json";
import type settings from "../locale/settings.en.json";
import type telling from "../locale/telling.en.json";
import type thread from "../locale/thread.en.json";
import type shell from "../locale/shell.en.json";
import type voice from "../locale/voice.en.json";
import type words from "../locale/words.en.json";

/** Every text's key, typed from the English catalogue; one line per room. */
export type Key = PlainKey<(keyof typeof audit | keyof typeof board | keyof typeof shell | keyof typeof inbox | keyof typeof waiting | keyof typeof customer | keyof typeof colors | keyof typeof contacts | keyof typeof find | keyof typeof macros | keyof typeof notifications | keyof typeof routing | keyof typeof saved | keyof typeof sections | keyof typeof settings | keyof typeof entry | keyof typeof telling | keyof typeof thread | keyof typeof voice | keyof typeof words) & string>;

export const locales: readonly Locale[] = ["ja", "en"];

/** Rooms whose texts are loaded only when somebody goes there. */
const later = {
  audit: { ja: () => import("../locale/audit.ja.json"), en: () => import("../locale/audit.en.json") },
  later: { ja: () => import("../locale/later.ja.json"), en: () => import("../locale/later.en.json") },
  board: { ja: () => import("../locale/board.ja.json"), en: () => import("../locale/board.en.json") },
  colors: { ja: () => import("../locale/colors.ja.json"), en: () => import("../locale/colors.en.json") },
  customer: { ja: () => import("../locale/customer.ja.json"), en: () => import("../locale/customer.en.json") },
  contacts: { ja: () => import("../locale/contacts.ja.json"), en: () => import("../locale/contacts.en.json") },
  macros: { ja: () => import("../locale/macros.ja.json"), en: () => import("../locale/macros.en.json") },
  notifications: { ja: () => import("../locale/notifications.ja.json"), en: () => import("../locale/notifications.en.json") },
  routing: { ja: () => import("../locale/routing.ja.json"), en: () => import("../locale/routing.en.json") },
  saved: { ja: () => import("../locale/saved.ja.json"), en: () => import("../locale/saved.en.json") },
  words: { ja: () => import("../locale/words.ja.json"), en: () => import("../locale/words.en.json") },
  telling: { ja: () => import("../locale/telling.ja.json"), en: () => import("../locale/telling.en.json") },
  thread: { ja: () => import("../locale/thread.ja.json"), en: () => import("../locale/thread.en.json") },
  voice: { ja: () => import("../locale/voice.ja.json"), en: () => import("../locale/voice.en.json") },
  settings: { ja: () => import("../locale/settings.ja.json"), en: () => import("../locale/settings.en.json") },
};

export type Room = keyof typeof later;

const visited = new Set<Room>();

/** From now on {@link texts} gives this room's texts, too. */
export const enter = (room: Room) => void visited.add(room);

/** The rooms whose texts {@link texts} gives now. */
export const entered = (): ReadonlySet<Room> => new Set(visited);

/** Loads the texts of one locale; each locale is a chunk of its own, and so is each room that comes later. */
export async function texts(locale: Locale): Promise<Record<string, string>> {
  const base = locale === "ja" ? import("../locale/ja.ts") : import("../locale/en.ts");
  const rooms = await Promise.all([base, ...[...visited].map((room) => later[room][locale]())]);
  return Object.assign({}, ...rooms.map((room) => room.default)) as Record<string, string>;
}
