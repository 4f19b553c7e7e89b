import type { Channel } from "../../api/types.ts";
import type { ChannelChange, Setting } from "../api.ts";
import { fieldOf, readSetting, writeSettings, type Value } from "./settings.ts";

/** The form of a channel of a provider; a secret's field is empty while the kept one stays. */
export interface ProviderValues {
  name: string;
  team_id: string;
  schedule_id: string;
  [setting: `settings.${string}`]: Value;
}

export const readProvider = (from: Pick<Channel, "name" | "team_id" | "schedule_id" | "settings">, settings: readonly Setting[]): ProviderValues => ({
  name: from.name,
  team_id: String(from.team_id),
  schedule_id: String(from.schedule_id),
  ...Object.fromEntries(settings.map((setting) => [fieldOf(setting), setting.type === "secret" ? "" : readSetting(setting, (from.settings ?? {}) as Record<string, unknown>)])),
});

/** What changed, as the server takes it: settings as a whole, of the secrets those that were typed. */
export function writeProvider(settings: readonly Setting[], values: ProviderValues, changed: Partial<ProviderValues>, channel: Pick<Channel, "settings">): Omit<ChannelChange, "version"> {
  const change: Omit<ChannelChange, "version"> = {};
  if (changed.name !== undefined) change.name = values.name.trim();
  if (changed.team_id !== undefined) change.team_id = Number(values.team_id);
  if (changed.schedule_id !== undefined) change.schedule_id = Number(values.schedule_id);
  const touched = settings.filter((setting) => changed[fieldOf(setting)] !== undefined);
  const secrets = touched.filter(({ type }) => type === "secret");
  const open = settings.filter(({ type }) => type !== "secret");
  if (touched.length > secrets.length) change.settings = writeSettings(open, { ...values }, (channel.settings ?? {}) as Record<string, unknown>);
  if (secrets.length > 0) change.secrets = Object.fromEntries(secrets.map((setting) => [setting.name, String(values[fieldOf(setting)] ?? "").trim()]));
  return change;
}
