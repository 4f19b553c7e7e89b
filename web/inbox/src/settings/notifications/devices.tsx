import { Monitor, Smartphone } from "lucide-react";
import { useState } from "react";
import { useSession } from "../../api/session.ts";
import { browserOf } from "../../customer/browser.ts";
import { useLanguage, useT } from "../../i18n/index.tsx";
import { useNow } from "../../i18n/now.ts";
import { noticeSettingsQuery, saveTelling, standing, tryDevice, turnOff, turnOn, type Device, type NoticeSettings } from "../../notify/device.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Switch } from "../../ui/switch.tsx";
import { useToast } from "../../ui/toast.tsx";
import { Group, Lines } from "../section.tsx";
import { useChange } from "../use-change.ts";

/** Whether this browser is pushed to, which others of the member's are, and whether they keep the member online (E8). */
export function Devices({ settings }: { settings: NoticeSettings }) {
  const t = useT();
  const toast = useToast();
  const session = useSession();
  const [now, setNow] = useState(() => standing(session));
  const { queryKey } = noticeSettingsQuery;
  const here = settings.devices.find(({ current }) => current);
  const on = useChange(queryKey, async () => setNow(await turnOn(session, settings.public_key)));
  const off = useChange(queryKey, turnOff, () => setNow(standing(session)));
  const stay = useChange(queryKey, (stay_online: boolean) => saveTelling({ ...settings.telling, stay_online }));
  const stays = stay.isPending ? stay.variables : settings.telling.stay_online;
  const none = settings.devices.length === 0;
  const test = useChange(queryKey, (one: Device) => tryDevice(one.id), () => toast.say(t("telling.test_sent")));
  return (
    <Group title={t("telling.devices")} hint={t("telling.devices_hint")}>
      {here ? (
        <Notice>{t("telling.here_on")}</Notice>
      ) : now === "off" || now === "on" ? (
        <Notice
          actions={
            <Button look="primary" busy={on.isPending} onClick={() => on.mutate(undefined)}>
              {t("telling.turn_on")}
            </Button>
          }
        >
          {t("telling.here_off")}
        </Notice>
      ) : (
        <Notice look="warn">{t(`telling.here.${now}`)}</Notice>
      )}
      {settings.devices.length > 0 && (
        <Lines label={t("telling.devices")}>
          {settings.devices.map((one) => (
            <Line key={one.id} one={one} onTest={() => test.mutate(one)} onEnd={() => off.mutate(one)} busy={test.isPending || off.isPending} />
          ))}
        </Lines>
      )}
      <Switch
        label={t("telling.stay_online")}
        hint={t(none ? "telling.stay_online_none" : "telling.stay_online_hint")}
        checked={stays}
        disabled={none && !stays}
        onChange={(on) => stay.mutate(on)}
      />
    </Group>
  );
}

function Line({ one, onTest, onEnd, busy }: { one: Device; onTest: () => void; onEnd: () => void; busy: boolean }) {
  const { t, format } = useLanguage();
  const now = useNow();
  const name = browserOf(one.user_agent) || t("telling.unknown");
  const Icon = /iPhone|Android|Mobile/.test(one.user_agent) ? Smartphone : Monitor;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2.5 pr-2 pl-4">
      <Icon size={20} aria-hidden className="shrink-0 text-muted" />
      <div className="min-w-0 flex-1 basis-48" title={one.user_agent}>
        <p className="flex items-center gap-2">
          <span className="truncate font-medium">{name}</span>
          {one.current && <Badge look="soft">{t("telling.here")}</Badge>}
        </p>
        <p className="text-xs text-muted">{t("telling.since", { at: format.moment(new Date(one.created_at), now) })}</p>
      </div>
      <Button aria-label={t("telling.test_named", { device: name })} disabled={busy} onClick={onTest}>
        {t("telling.test")}
      </Button>
      <Button aria-label={t("telling.end_named", { device: name })} disabled={busy} onClick={onEnd}>
        {t("telling.end")}
      </Button>
    </li>
  );
}
