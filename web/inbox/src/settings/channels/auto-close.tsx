import type { Channel, Spec } from "../../api/types.ts";
import type { Form } from "../../form/use-form.ts";
import { locales } from "../../i18n/catalogue.ts";
import { useT } from "../../i18n/index.tsx";
import { Textarea, TextField } from "../../ui/field.tsx";
import { Switch } from "../../ui/switch.tsx";
import { languageName } from "../languages.ts";
import { closes } from "./auto-close.ts";
import { maxText, type AutomationValues } from "./automation.ts";
import { StandIns } from "./stand-ins.tsx";

/** When the channel closes cases that nobody goes on with, and what customers are told before (0.6). */
export function AutoClose({ form, channel, spec }: { form: Form<AutomationValues>; channel: Channel; spec: Spec }) {
  const t = useT();
  const hours = { inputMode: "decimal", maxLength: 7, autoComplete: "off" } as const;
  return (
    <fieldset className="flex min-w-0 flex-col gap-4 border-t border-line pt-4">
      <legend className="float-left mb-1 text-sm font-semibold">{t("auto_close.title")}</legend>
      <p className="clear-both text-xs text-muted">{t("auto_close.hint")}</p>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField {...form.text("automation.auto_close.agent_minutes")} {...hours} label={t("auto_close.agent")} hint={t("auto_close.agent_hint")} />
        <TextField {...form.text("automation.auto_close.bot_minutes")} {...hours} label={t("auto_close.bot")} hint={t("auto_close.bot_hint")} />
      </div>
      {closes(form.values) && <Switch label={t("auto_close.notice")} hint={t("auto_close.notice_hint")} checked={form.values.notice} onChange={(notice) => form.set({ notice })} />}
      {closes(form.values) && form.values.notice && (
        <>
          <div className="max-w-56">
            <TextField {...form.text("automation.auto_close.notice_minutes")} {...hours} label={t("auto_close.before")} />
          </div>
          <div className="grid gap-4 sm:grid-cols-2">
            {locales.map((locale) => (
              <Textarea key={locale} {...form.text(`automation.auto_close.notice_texts.${locale}`)} label={t("auto_close.text", { language: languageName(locale) })} placeholder={t("automation.own")} maxLength={maxText} />
            ))}
          </div>
          {spec.capabilities.templates && (
            <StandIns
              channel={channel}
              label={(language) => t("auto_close.template", { language })}
              hint={t("auto_close.templates_hint")}
              value={(language) => form.values[`automation.auto_close.notice_templates.${language}`]}
              error={(language) => form.error(`automation.auto_close.notice_templates.${language}`) ?? ""}
              onChange={(language, chosen) => form.set({ [`automation.auto_close.notice_templates.${language}`]: chosen } as Partial<AutomationValues>)}
            />
          )}
        </>
      )}
    </fieldset>
  );
}
