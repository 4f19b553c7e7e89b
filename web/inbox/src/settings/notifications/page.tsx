import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSession } from "../../api/session.ts";
import { SaveBar } from "../../form/save-bar.tsx";
import { useForm } from "../../form/use-form.ts";
import { useRoom, useT } from "../../i18n/index.tsx";
import { noticeSettingsQuery, saveTelling, type NoticeSettings } from "../../notify/device.ts";
import { TextField } from "../../ui/field.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Switch } from "../../ui/switch.tsx";
import { Group, Section } from "../section.tsx";
import { Devices } from "./devices.tsx";
import { Install } from "./install.tsx";
import { Mails } from "./mails.tsx";
import { WhileOpen } from "./open.tsx";
import { kinds, quietSummary, tellingOf, valuesOf, type Values } from "./values.ts";

/** What one member is told, when, and on which devices. */
export function NotificationsPage() {
  const { data } = useQuery(noticeSettingsQuery);
  const texts = useRoom("telling");
  return (
    <Section id="notifications">
      {data && texts ? (
        <>
          <Devices settings={data} />
          <WhileOpen />
          <Choices settings={data} />
          <Install />
        </>
      ) : (
        <Skeleton className="h-64" />
      )}
    </Section>
  );
}

const whereNames = { screen: "telling.on_screen", devices: "telling.on_devices", mail: "telling.by_mail" } as const;
const wheres = ({ mails }: NoticeSettings): (keyof typeof whereNames)[] => (mails ? ["screen", "devices", "mail"] : ["screen", "devices"]);

function Choices({ settings }: { settings: NoticeSettings }) {
  const t = useT();
  const queries = useQueryClient();
  const { user } = useSession();
  const [initial, setInitial] = useState(() => valuesOf(settings.telling));
  const form = useForm<Values>({
    initial,
    check: (values) => ({ until: values.quiet && values.from === values.until ? t("telling.quiet_same") : "" }),
    save: async (values) => {
      const telling = tellingOf(values, queries.getQueryData(noticeSettingsQuery.queryKey)?.telling ?? settings.telling);
      await saveTelling(telling);
      queries.setQueryData<NoticeSettings>(noticeSettingsQuery.queryKey, (now) => now && { ...now, telling });
      setInitial(values);
      return values;
    },
  });
  const { values } = form;
  return (
    <form {...form.props} className="flex flex-col gap-6">
      <Group title={t("telling.kinds")} hint={t("telling.kinds_hint")}>
        <table className="w-full text-left">
          <thead className="text-xs text-muted">
            <tr>
              <th scope="col" className="pb-1 font-normal">
                {t("telling.kind")}
              </th>
              <th scope="col" className="w-20 pb-1 font-normal">
                {t("telling.on_screen")}
              </th>
              <th scope="col" className="w-20 pb-1 font-normal">
                {t("telling.on_devices")}
              </th>
              {settings.mails && (
                <th scope="col" className="w-20 pb-1 font-normal">
                  {t("telling.by_mail")}
                </th>
              )}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {kinds.map((kind) => (
              <tr key={kind}>
                <th scope="row" className="py-1.5 pr-3 font-normal">
                  {t(`telling.kind.${kind}`)}
                </th>
                {wheres(settings).map((where) => (
                  <td key={where} className="py-1.5">
                    <Switch
                      label={<span className="sr-only">{`${t(`telling.kind.${kind}`)}: ${t(whereNames[where])}`}</span>}
                      checked={values[`${where}.${kind}`]}
                      onChange={(on) => form.set({ [`${where}.${kind}`]: on } as Partial<Values>)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Group>
      <Group title={t("telling.quiet")} hint={t("telling.quiet_hint", { zone: user.zone || new Intl.DateTimeFormat().resolvedOptions().timeZone })}>
        <Switch label={t("telling.quiet_on")} checked={values.quiet} onChange={(quiet) => form.set({ quiet })} />
        {values.quiet && (
          <div className="flex flex-wrap gap-3">
            <div className="w-36">
              <TextField {...form.text("from")} type="time" required label={t("telling.quiet_from")} />
            </div>
            <div className="w-36">
              <TextField {...form.text("until")} type="time" required label={t("telling.quiet_until")} />
            </div>
          </div>
        )}
        <p className="text-sm text-muted">{quietSummary(t, values)}</p>
      </Group>
      <Mails form={form} settings={settings} />
      <Group title={t("telling.more")}>
        <Switch label={t("telling.hide")} hint={t("telling.hide_hint")} checked={values.hide} onChange={(hide) => form.set({ hide })} />
      </Group>
      <SaveBar form={form} />
    </form>
  );
}
