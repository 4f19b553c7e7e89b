import { Globe, MessageCircle } from "lucide-react";
import { useT, type Key, type T } from "../i18n/index.tsx";

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

/** Which channel a conversation runs on. */
export function ChannelIcon({ kind, size = 14 }: { kind: string; size?: number }) {
  const t = useT();
  return (
    <span title={channelName(t, kind)} className="inline-flex">
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
