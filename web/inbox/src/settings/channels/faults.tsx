import { useQuery } from "@tanstack/react-query";
import type { Channel, ChannelKind } from "../../api/types.ts";
import { useLanguage } from "../../i18n/index.tsx";
import { Notice } from "../../ui/notice.tsx";
import { channelHealthQuery } from "../api.ts";
import { byCode } from "./faults.ts";

const besideState: readonly string[] = ["misconfigured", "token_expires", "webhook_silent", "webhook_forged"];

/** A provider's reason in words and what to do about it, as far as its channel has any. */
export const faultWords = (kind: ChannelKind, reason = ""): string => [kind.texts[`fault.${reason}`], kind.texts[`fault.${reason}.fix`]].filter(Boolean).join(" ");

/** What ails a channel beside its state, and what its provider refused in the last day (H9). */
export function Faults({ channel, kind }: { channel: Channel; kind: ChannelKind }) {
  const { t, format } = useLanguage();
  const { data: report } = useQuery(channelHealthQuery(channel.id));
  if (!report) return null;
  const told = report.alerts.filter(({ code }) => besideState.includes(code));
  const refused = byCode(report.faults);
  const most = Math.max(...refused.map(({ count }) => count), 1);
  return (
    <>
      {told.map(({ code, params }) => (
        <Notice key={code} look="warn">
          {t(`channels.alert.${code as "webhook_silent"}`, { days: params["days"] ?? "", at: params["at"] ? format.exact(new Date(params["at"])) : "" })} {faultWords(kind, params["reason"])}
        </Notice>
      ))}
      {refused.length > 0 && (
        <div className="flex flex-col gap-2">
          <h3 className="text-sm font-medium">{t("channels.faults")}</h3>
          <ul className="flex flex-col gap-2 text-sm">
            {refused.map(({ code, count }) => (
              <li key={code} className="flex flex-col gap-1">
                <span className="flex justify-between gap-4">
                  <span>
                    {kind.texts[`fault.${code}`] ?? kind.texts["fault.other"] ?? code} <span className="text-muted">({code})</span>
                  </span>
                  <span className="shrink-0 tabular-nums">{t("channels.fault_count", { count })}</span>
                </span>
                <span aria-hidden className="h-1 rounded-full bg-danger" style={{ width: `${Math.max((count / most) * 100, 2)}%` }} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
