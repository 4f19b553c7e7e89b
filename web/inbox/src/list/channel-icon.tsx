import { MessageCircle, Globe, type LucideIcon } from "lucide-react";
import { useT } from "../i18n/index.tsx";

/** Signs of the channels' kinds; one without a sign of its own gets the general one. */
const icons: Record<string, LucideIcon> = { webchat: Globe };

/** Which channel a conversation runs on. */
export function ChannelIcon({ kind, size = 14 }: { kind: string; size?: number }) {
  const t = useT();
  const Icon = icons[kind] ?? MessageCircle;
  const name = kind === "webchat" ? t("channel.webchat") : kind;
  return (
    <span title={name} className="inline-flex">
      <Icon size={size} aria-hidden />
    </span>
  );
}
