// The simulator that plays the providers beside this server, as far as connecting a channel to it needs.
import type { Channel, ChannelKind } from "../../api/types.ts";
import { editChannel, probeChannel, subscribeChannel } from "../api.ts";
import { writeProvider, type ProviderValues } from "./provider.ts";
import { fieldOf } from "./settings.ts";

/** An account at a pretend provider: what its console shows, and the callback that was typed into it. */
export interface PracticeAccount {
  id: string;
  kind: string;
  credentials: { name: string; value: string }[];
  console: { callback: string };
}

const page = "/sim/";

/** The page that looks like a customer's phone, at an account. */
export const phoneOf = (account: PracticeAccount) => `${page}#${encodeURIComponent(account.id)}`;

async function ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(`${page}control/${path}`, { method, headers: { "Content-Type": "application/json" }, ...(body !== undefined && { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

/** The accounts of a kind. */
export const practiceAccounts = async (kind: string) => (await ask<{ accounts: PracticeAccount[] }>("GET", "state")).accounts.filter((one) => one.kind === kind);

/** The account whose console calls this channel. */
export const accountOf = (channel: Pick<Channel, "copied">, accounts: readonly PracticeAccount[]) => accounts.find(({ console }) => console.callback !== "" && console.callback === channel.copied?.callback);

/** What is typed into the form: of what the console shows, the values that the kind has a field for. */
export function typed(kind: Pick<ChannelKind, "settings">, account: Pick<PracticeAccount, "credentials">): Partial<ProviderValues> {
  const shown = new Map(account.credentials.map(({ name, value }) => [name, value]));
  return Object.fromEntries(kind.settings.flatMap((setting) => (setting.type !== "made" && shown.has(setting.name) ? [[fieldOf(setting), shown.get(setting.name) ?? ""]] : [])));
}

/** Does what the steps say with an account that nobody uses yet, and leaves the channel waiting for its first message. */
export async function connectPractice(channel: Channel, kind: ChannelKind): Promise<Channel> {
  const free = (await practiceAccounts(channel.kind)).find(({ console }) => console.callback === "");
  const account = free ?? (await ask<PracticeAccount>("POST", "accounts", { kind: channel.kind }));
  const values = typed(kind, account) as ProviderValues;
  const settings = kind.settings.filter(({ type }) => type !== "made");
  const saved = await editChannel(channel.id, { version: channel.version, ...writeProvider(settings, values, values, channel) });
  if (kind.subscribes) await subscribeChannel(channel.id);
  const copied = saved.copied ?? {};
  if (!accountOf(saved, await practiceAccounts(channel.kind)))
    await ask("PUT", `accounts/${encodeURIComponent(account.id)}/console`, {
      callback: copied["callback"] ?? "",
      token: copied["verify_token"] ?? copied["token"] ?? "",
      aes_key: copied["aes_key"] ?? "",
      safe: "aes_key" in copied,
    });
  return probeChannel(channel.id);
}
