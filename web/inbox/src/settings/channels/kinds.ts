import type { Spec } from "../../api/types.ts";
import type { Key, T } from "../../i18n/index.tsx";

/** What a kind of channel is called: in its own words, in ours, or by its bare name. */
export function kindName(t: T, kind: string, specs: readonly Spec[] = []): string {
  const own = specs.find((one) => one.kind === kind)?.name;
  if (own) return own;
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
