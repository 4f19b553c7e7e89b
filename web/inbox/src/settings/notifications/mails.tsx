import type { Form } from "../../form/use-form.ts";
import { useLanguage } from "../../i18n/index.tsx";
import type { NoticeSettings } from "../../notify/device.ts";
import { TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Select } from "../../ui/select.tsx";
import { Group } from "../section.tsx";
import { awayOptions, digestSummary, mailed, weekdays, type DigestEvery, type Values } from "./values.ts";

/** When e-mails come: after how long away, and the digest (G7.5). */
export function Mails({ form, settings }: { form: Form<Values>; settings: NoticeSettings }) {
  const { t, locale } = useLanguage();
  const { values } = form;
  const day = (weekday: number) => new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" }).format(Date.UTC(2026, 10, 22 + weekday)); // a Sunday
  if (!settings.mails) {
    return (
      <Group title={t("telling.mails")}>
        <Notice>{t("telling.mails_off")}</Notice>
      </Group>
    );
  }
  return (
    <Group title={t("telling.mails")} hint={t("telling.mails_hint", { email: settings.email })}>
      {mailed(values) && (
        <div className="max-w-72">
          <Select<string>
            label={t("telling.away")}
            value={values.away}
            onChange={(away) => form.set({ away })}
            options={awayOptions(values.away).map((minutes) => ({ value: minutes, label: t("telling.minutes", { count: Number(minutes) }) }))}
          />
        </div>
      )}
      <div className="flex flex-wrap gap-3">
        <div className="w-48">
          <Select<DigestEvery>
            label={t("telling.digest")}
            value={values.digest}
            onChange={(digest) => form.set({ digest })}
            options={(["never", "daily", "weekly"] as const).map((every) => ({ value: every, label: t(`telling.digest.${every}`) }))}
          />
        </div>
        {values.digest === "weekly" && (
          <div className="w-36">
            <Select<string> label={t("telling.weekday")} value={values.weekday} onChange={(weekday) => form.set({ weekday })} options={weekdays.map((weekday) => ({ value: String(weekday), label: day(weekday) }))} />
          </div>
        )}
        {values.digest !== "never" && (
          <div className="w-36">
            <TextField {...form.text("digest_at")} type="time" required label={t("telling.digest_at")} />
          </div>
        )}
      </div>
      <p className="text-sm text-muted">{digestSummary(t, values, day(Number(values.weekday)))}</p>
    </Group>
  );
}
