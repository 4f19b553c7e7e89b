import { useQueryClient } from "@tanstack/react-query";
import type { Channel, Locale, Spec } from "../../api/types.ts";
import { SaveBar } from "../../form/save-bar.tsx";
import { useForm } from "../../form/use-form.ts";
import { locales } from "../../i18n/catalogue.ts";
import { useT } from "../../i18n/index.tsx";
import { Textarea, TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { Switch } from "../../ui/switch.tsx";
import { channelQuery, editChannel } from "../api.ts";
import { languageName } from "../languages.ts";
import { Group } from "../section.tsx";
import { closeFault, maxHours } from "./auto-close.ts";
import { AutoClose } from "./auto-close.tsx";
import { firstMessage, mailOptions, maxMinutes, maxText, minutesOf, readAutomation, writeAutomation, type Automation, type AutomationValues } from "./automation.ts";

/** What the channel says by itself (B2, B3): the acknowledgement, the answer to HELP, the confirmation of an opt-out; and when it closes cases (0.6). */
export function AutomaticReplies({ channel, automation, spec }: { channel: Channel; automation: Automation; spec: Spec }) {
  const t = useT();
  const queries = useQueryClient();
  const keywords = spec.capabilities.opt_out;
  const form = useForm<AutomationValues>({
    initial: readAutomation(automation),
    check: (values) => {
      const closing = (field: Parameters<typeof closeFault>[1]) => {
        const fault = closeFault(values, field);
        return fault && t(`auto_close.wrong.${fault}`, { max: maxHours });
      };
      return {
        "automation.answer_minutes": minutesOf(values["automation.answer_minutes"]) === null ? t("automation.minutes_wrong", { max: maxMinutes }) : "",
        "automation.auto_close.agent_minutes": closing("agent_minutes"),
        "automation.auto_close.bot_minutes": closing("bot_minutes"),
        "automation.auto_close.notice_minutes": closing("notice_minutes"),
      };
    },
    save: async (values) => {
      const saved = await editChannel(channel.id, { version: channel.version, automation: writeAutomation(values, automation) });
      queries.setQueryData(channelQuery(channel.id).queryKey, saved);
      return readAutomation(saved.automation ?? automation);
    },
  });
  const { values } = form;
  const said = channel.says ?? {};
  return (
    <Group title={t("automation.title")} hint={t("automation.hint")}>
      <form {...form.props} className="flex min-w-0 flex-col gap-5">
        <Switch label={t("automation.acknowledge")} hint={t("automation.acknowledge_hint")} checked={values.acknowledge} onChange={(acknowledge) => form.set({ acknowledge })} />
        {values.acknowledge && (
          <div className="flex flex-col gap-4">
            <div className="max-w-56">
              <TextField {...form.text("automation.answer_minutes")} label={t("automation.minutes")} hint={t("automation.minutes_hint")} inputMode="numeric" maxLength={5} autoComplete="off" />
            </div>
            <Switch label={t("automation.tell_wait")} hint={t("automation.tell_wait_hint")} checked={values.tell_wait} onChange={(tell_wait) => form.set({ tell_wait })} />
            <div className="grid gap-4 sm:grid-cols-2">
              {locales.map((locale) => (
                <Textarea key={locale} {...form.text(`automation.ack_texts.${locale}`)} label={t("automation.ack_text", { language: languageName(locale) })} hint={t("automation.ack_text_hint")} placeholder={t("automation.own")} maxLength={maxText} />
              ))}
            </div>
            <Previews texts={locales.map((locale) => [locale, said[locale]?.acknowledgement ?? ""])} notice={(locale) => (keywords ? (said[locale]?.notice ?? "") : "")} segments={spec.capabilities.segments} />
          </div>
        )}
        {keywords && (
          <>
            <div className="grid gap-4 sm:grid-cols-2">
              {locales.map((locale) => (
                <Textarea key={locale} {...form.text(`automation.help_texts.${locale}`)} label={t("automation.help_text", { language: languageName(locale) })} hint={t("automation.help_text_hint")} placeholder={t("automation.own")} maxLength={maxText} />
              ))}
            </div>
            <Previews texts={locales.map((locale) => [locale, said[locale]?.help ?? ""])} segments={spec.capabilities.segments} />
            <Switch label={t("automation.confirm")} hint={t("automation.confirm_hint")} checked={values.confirm_opt_out} onChange={(confirm_opt_out) => form.set({ confirm_opt_out })} />
            {values.confirm_opt_out && <Previews texts={locales.map((locale) => [locale, said[locale]?.opt_out ?? ""])} segments={spec.capabilities.segments} />}
          </>
        )}
        {spec.local && (
          <div className="max-w-80">
            <Select<string>
              label={t("automation.mail")}
              hint={t("automation.mail_hint")}
              value={values.mail_minutes}
              onChange={(mail_minutes) => form.set({ mail_minutes })}
              options={mailOptions(values.mail_minutes).map((minutes) => ({ value: minutes, label: minutes === "0" ? t("automation.mail_never") : t("automation.mail_after", { count: Number(minutes) }) }))}
            />
          </div>
        )}
        <AutoClose form={form} channel={channel} spec={spec} />
        <SaveBar form={form} />
      </form>
    </Group>
  );
}

/** What customers get now, as it is saved: each language, with its segments where they are billed. */
function Previews({ texts, notice, segments }: { texts: readonly (readonly [Locale, string])[]; notice?: (locale: Locale) => string; segments: boolean }) {
  const t = useT();
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {texts.map(([locale, text]) => {
        const shown = firstMessage(text, notice?.(locale) ?? "");
        return (
          <figure key={locale} className="flex min-w-0 flex-col gap-1">
            <figcaption className="flex flex-wrap justify-between gap-x-2 text-xs text-muted">
              <span>{t("automation.preview", { language: languageName(locale) })}</span>
              {segments && <span className="tabular-nums">{t("automation.segments", { count: shown.segments })}</span>}
            </figcaption>
            <blockquote lang={locale} className="rounded-lg bg-accent-soft px-3 py-2 text-sm break-words whitespace-pre-line">
              {shown.text}
            </blockquote>
          </figure>
        );
      })}
    </div>
  );
}
