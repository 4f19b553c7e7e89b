import type { Key, T } from "../../i18n/index.tsx";

/** What a kind of channel is called; its bare name where we have no word for it. */
export function kindName(t: T, kind: string): string {
  const key = `channels.kind.${kind}`;
  const name = t(key as Key);
  return name === key ? kind : name;
}

/** How the settings of a kind are grouped; what is not named here comes last. */
export const settingGroups: Readonly<Record<string, readonly { id: string; names: readonly string[] }[]>> = {
  webchat: [
    { id: "look", names: ["color", "theme", "position", "locale"] },
    { id: "words", names: ["greeting", "teaser", "sender_name", "sender_avatar", "expected_reply"] },
    { id: "away", names: ["away_text", "ask_name", "ask_email", "ask_when"] },
    { id: "sites", names: ["origins"] },
    { id: "privacy", names: ["privacy_text", "privacy_url"] },
    { id: "files", names: ["attachments"] },
  ],
};
