import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { savePreferences } from "../api/desk.ts";
import { sessionQuery, useSession } from "../api/session.ts";
import type { Session } from "../api/types.ts";

/** How one member likes the inbox; kept on the server, so it follows them to every device. */
export interface Preferences {
  density: "comfortable" | "compact";
  /** What sends a message: Enter alone, or with Ctrl/Cmd. */
  send_key: "enter" | "mod_enter";
  /** Single-key shortcuts (WCAG 2.1.4: they can be switched off). */
  shortcuts: boolean;
  desktop_notifications: boolean;
  sound: boolean;
  /** What the send button does besides sending. */
  after_send: "stay" | "resolve" | "snooze";
  /** For how many seconds a reply is held so that it can be taken back; 0 = not at all. */
  undo_send: number;
  /** Pane widths in CSS pixels. */
  list_width: number;
  customer_width: number;
  nav_open: boolean;
  list_open: boolean;
  customer_open: boolean;
  /** Keys that differ from those the actions come with, by the action's id. */
  keys: Record<string, string[]>;
  /** Ids of actions used in the palette, latest first. */
  recent_actions: string[];
  /** The newest notification that was read. */
  notifications_seen: number;
}

export const defaults: Preferences = {
  density: "comfortable",
  send_key: "enter",
  shortcuts: true,
  desktop_notifications: false,
  sound: true,
  after_send: "stay",
  undo_send: 0,
  list_width: 344,
  customer_width: 320,
  nav_open: true,
  list_open: true,
  customer_open: true,
  keys: {},
  recent_actions: [],
  notifications_seen: 0,
};

const saveAfterMs = 800;
/** Forgets the save that is due. */
let forget = () => {};

/** Keeps what fits the defaults' types; anything else, from older versions or by hand, is ignored. */
export function readPreferences(stored: Record<string, unknown>): Preferences {
  const kept = Object.entries(stored).filter(([name, value]) => {
    const normal = (defaults as unknown as Record<string, unknown>)[name];
    return typeof value === typeof normal && Array.isArray(value) === Array.isArray(normal);
  });
  return { ...defaults, ...(Object.fromEntries(kept) as Partial<Preferences>) };
}

/** The member's preferences and how to change some of them; saved a moment later, or when the page is left before that. */
export function usePreferences(): [Preferences, (news: Partial<Preferences>) => void] {
  const session = useSession();
  const queries = useQueryClient();
  const preferences = useMemo(() => readPreferences(session.preferences ?? {}), [session.preferences]);
  const change = useCallback(
    (news: Partial<Preferences>) => {
      queries.setQueryData<Session>(sessionQuery.queryKey, (now) => now && { ...now, preferences: { ...now.preferences, ...news } });
      forget();
      const save = (leaving: boolean) => {
        forget();
        const now = queries.getQueryData<Session>(sessionQuery.queryKey);
        if (now) void savePreferences(now.preferences, leaving).catch(() => {}); // a preference is not worth an error; it is sent again with the next change
      };
      const leave = () => save(true);
      const timer = setTimeout(() => save(false), saveAfterMs);
      window.addEventListener("pagehide", leave);
      forget = () => {
        clearTimeout(timer);
        window.removeEventListener("pagehide", leave);
      };
    },
    [queries],
  );
  return [preferences, change];
}
