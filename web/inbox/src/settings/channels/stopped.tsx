import { useQuery } from "@tanstack/react-query";
import { usePermission } from "../../api/session.ts";
import type { Channel } from "../../api/types.ts";
import { useLanguage } from "../../i18n/index.tsx";
import { useNow } from "../../i18n/now.ts";
import { Notice } from "../../ui/notice.tsx";
import { stoppedQuery } from "../audit/api.ts";

/** That a channel is disabled and what that means; since when and by whom, for members who may read the audit log (H2). */
export function Stopped({ channel }: { channel: Channel }) {
  const { t, format } = useLanguage();
  const now = useNow();
  const { data: entry } = useQuery({ ...stoppedQuery(channel.id, channel.version), enabled: usePermission("audit.read") });
  const by = entry?.actor.name;
  const at = entry && format.moment(new Date(entry.at), now);
  return (
    <Notice look="warn">
      {at && <p className="font-medium">{by ? t("channels.disabled_by", { at, name: by }) : t("channels.disabled_at", { at })}</p>}
      <p>{t("channels.disabled_hint")}</p>
    </Notice>
  );
}
