import { Globe, MessageCircle } from "lucide-react";
import type { Channel, Id } from "../api/types.ts";
import { useT, type Key, type T } from "../i18n/index.tsx";
import { useKnownChannels } from "../inbox/directory.tsx";

/** Neutral signs of the channels' kinds: a letter on a ground of its own; never a provider's mark. White on each ground has 4.5:1. */
const signs: Readonly<Record<string, { letter: string; ground: string }>> = {
  sms: { letter: "S", ground: "#5b4bb5" },
  whatsapp: { letter: "W", ground: "#1b7a4b" },
  messenger: { letter: "M", ground: "#1f5fd0" },
  instagram: { letter: "I", ground: "#b5307a" },
  telegram: { letter: "T", ground: "#17698f" },
  line: { letter: "L", ground: "#3b7a1f" },
  wechat: { letter: "C", ground: "#0f6e66" },
  webhook: { letter: "{}", ground: "#535b68" },
};

/** What a kind of channel is called; its bare name where we have no word for it. */
export const channelName = (t: T, kind: string): string => (kind === "webchat" || signs[kind] ? t(`channel.${kind}` as Key) : kind);

/** A channel's own name; one that was deleted says so. */
export const channelLabel = (t: T, { name, state }: Pick<Channel, "name" | "state">): string => (state === "deleted" ? t("channel.deleted", { name }) : name);

/** A channel by its own name and its kind, which is all that is known of one that is not among them. */
export function channelTitle(t: T, kind: string, id: Id, known: readonly Channel[]): string {
  const channel = known.find((one) => one.id === id);
  const name = channel ? channelLabel(t, channel) : "";
  return name && name !== channelName(t, kind) ? t("channel.of_kind", { name, kind: channelName(t, kind) }) : channelName(t, kind);
}

/** Which channel a conversation runs on; `id`: which of its kind. */
export function ChannelIcon({ kind, id = 0, size = 14 }: { kind: string; id?: Id; size?: number }) {
  const t = useT();
  const known = useKnownChannels();
  return (
    <span title={channelTitle(t, kind, id, known)} className="inline-flex">
      <Sign kind={kind} size={size} />
    </span>
  );
}

function Sign({ kind, size }: { kind: string; size: number }) {
  const sign = signs[kind];
  if (!sign) return kind === "webchat" ? <Globe size={size} aria-hidden /> : <MessageCircle size={size} aria-hidden />;
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden>
      <rect width="16" height="16" rx="4" fill={sign.ground} />
      <text x="8" y="12" textAnchor="middle" fontSize={sign.letter.length > 1 ? 9 : 11} fontWeight="700" fill="#fff">
        {sign.letter}
      </text>
    </svg>
  );
}
