import { normalise } from "../palette/match.ts";

/** The pages of the settings as data: the navigation, the search and the command palette read it. */
export const sections = [
  { id: "profile", group: "me", to: "/settings/profile" },
  { id: "preferences", group: "me", to: "/settings/preferences" },
  { id: "notifications", group: "me", to: "/settings/notifications" },
  { id: "keys", group: "me", to: "/settings/keys" },
  { id: "sessions", group: "me", to: "/settings/sessions" },
  { id: "workspace", group: "desk", to: "/settings/workspace", needs: "workspace.manage" },
  { id: "members", group: "desk", to: "/settings/members", needs: "member.manage" },
  { id: "roles", group: "desk", to: "/settings/roles", needs: "member.manage" },
  { id: "teams", group: "desk", to: "/settings/teams", needs: "member.manage" },
  { id: "availability", group: "desk", to: "/settings/availability", needs: "workspace.manage" },
  { id: "canned", group: "desk", to: "/settings/canned", needs: "conversation.reply" },
  { id: "macros", group: "desk", to: "/settings/macros", needs: "conversation.reply" },
  { id: "tags", group: "desk", to: "/settings/tags", needs: "workspace.manage" },
  { id: "fields", group: "desk", to: "/settings/fields", needs: "workspace.manage" },
  { id: "external-links", group: "desk", to: "/settings/external-links", needs: "workspace.manage" },
  { id: "routing", group: "desk", to: "/settings/routing", needs: "automation.manage" },
  { id: "triggers", group: "desk", to: "/settings/triggers", needs: "automation.manage" },
  { id: "schedules", group: "desk", to: "/settings/schedules", needs: "automation.manage" },
  { id: "sla", group: "desk", to: "/settings/sla", needs: "automation.manage" },
  { id: "files", group: "desk", to: "/settings/files", needs: "workspace.manage" },
  { id: "brands", group: "channels", to: "/settings/brands", needs: "workspace.manage" },
  { id: "channels", group: "channels", to: "/settings/channels", needs: "channel.manage" },
  { id: "api-keys", group: "system", to: "/settings/api-keys", needs: "secret.manage" },
  { id: "exports", group: "system", to: "/settings/exports", needs: "report.export" },
  { id: "audit", group: "system", to: "/settings/audit", needs: "audit.read" },
  { id: "demo", group: "system", to: "/settings/demo", needs: "workspace.manage" },
] as const;

export const groups = ["me", "desk", "channels", "system"] as const;

export type Section = (typeof sections)[number];
export type SectionId = Section["id"];

/** The permission a section's changes need, "" if none. */
export const needed = (section: Section): string => ("needs" in section ? section.needs : "");

/** Whether something is about what was typed, in any width, case and kana; `texts` are its title, purpose and other words. */
export function matches(query: string, texts: readonly string[]): boolean {
  const all = normalise(texts.join(" "));
  return normalise(query).split(/\s+/).every((word) => all.includes(word));
}
