import { actions } from "../actions/index.ts";
import type { Key } from "../i18n/index.tsx";
import type { SectionId } from "./sections.ts";

/** A field or group of the settings, found by the words that stand there. */
export interface SettingsField {
  label: Key;
  in: SectionId;
}

const of = (section: SectionId, ...labels: Key[]): SettingsField[] => labels.map((label) => ({ label, in: section }));

/** What can be jumped to, in the order of the pages. */
export const fields: readonly SettingsField[] = [
  ...of("profile", "profile.picture.choose", "entry.name", "profile.display_name", "entry.email", "entry.language", "entry.zone", "profile.password", "profile.password.current", "profile.password.new", "profile.sign_out"),
  ...of("preferences", "preferences.send_key", "preferences.undo_send", "preferences.shortcuts", "preferences.theme", "preferences.density"),
  ...of("notifications", "preferences.desktop", "preferences.sound", "telling.quiet_on", "telling.hide", "telling.stay_online"),
  ...of("keys", "help.single_keys", ...actions.map(({ label }) => label)),
  ...of("sessions", "sessions.end_others", "sessions.members", "sessions.member"),
  ...of("workspace", "setup.workspace", "workspace.language", "entry.zone", "workspace.reopen_days", "workspace.show_monitoring", "mail.title"),
  ...of("availability", "staffing.capacity", "staffing.idle_minutes", "staffing.requeue_minutes"),
  ...of("roles", "roles.own"),
  ...of("members", "members.pending", "members.roles"),
  ...of("audit", "audit.who", "audit.what", "audit.object", "audit.since", "audit.until"),
  ...of("canned", "canned.search"),
  ...of("files", "files.image", "files.audio", "files.video", "files.file", "files.types"),
];

/** The part of an address that leads to a field. */
export const fieldHash = (field: SettingsField): string => field.label;
