import type { Channel } from "../../api/types.ts";
import { useLanguage } from "../../i18n/index.tsx";
import { useNow } from "../../i18n/now.ts";

/** Where and when a page last showed the widget: proof that the snippet works. */
export function Seen({ channel }: { channel: Channel }) {
  const { t, format } = useLanguage();
  const now = useNow();
  const heard = channel.health.hook_at ?? channel.health.sent_at;
  if (channel.kind !== "webchat") {
    const name = channel.health.title ?? "";
    if (!heard) return name || t("channels.unheard");
    const since = now.getTime() - new Date(heard).getTime();
    const ago = t(since < 60_000 ? "channels.seen_now" : "channels.seen_ago", { span: format.span(since) });
    return [name, t("channels.heard", { ago })].filter(Boolean).join(" · ");
  }
  if (!channel.last_seen_at) return t("channels.unseen");
  const at = new Date(channel.last_seen_at);
  return (
    <time dateTime={channel.last_seen_at} title={format.exact(at)}>
      {t("channels.seen_on", { site: channel.last_seen_on, ago: t(now.getTime() - at.getTime() < 60_000 ? "channels.seen_now" : "channels.seen_ago", { span: format.span(now.getTime() - at.getTime()) }) })}
    </time>
  );
}
