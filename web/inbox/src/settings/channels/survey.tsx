import { useQueryClient } from "@tanstack/react-query";
import type { Channel, Spec } from "../../api/types.ts";
import { SaveBar } from "../../form/save-bar.tsx";
import { useForm, type Errors, type Form } from "../../form/use-form.ts";
import { locales } from "../../i18n/catalogue.ts";
import { useT } from "../../i18n/index.tsx";
import { Textarea, TextField } from "../../ui/field.tsx";
import { Switch } from "../../ui/switch.tsx";
import { channelQuery, editChannel } from "../api.ts";
import { languageName } from "../languages.ts";
import { Group } from "../section.tsx";
import { maxText, type Automation } from "./automation.ts";
import { StandIns } from "./stand-ins.tsx";
import { SurveyPreview } from "./survey-preview.tsx";
import { incomplete, labelField, readSurvey, scale, templateField, textField, writeSurvey, type SurveyValues } from "./survey.ts";

const maxLabel = 40;

/** Whether the channel asks for ratings, and how (B4, G7.1). */
export function Survey({ channel, automation, spec }: { channel: Channel; automation: Automation; spec: Spec }) {
  const t = useT();
  const queries = useQueryClient();
  const form = useForm<SurveyValues>({
    initial: readSurvey(automation),
    check: (values) => Object.fromEntries(locales.flatMap((language) => scale.map((at) => [labelField(language, at), incomplete(values, language, at) ? t("survey.label_missing") : ""]))) as Errors<SurveyValues>,
    save: async (values) => {
      const saved = await editChannel(channel.id, { version: channel.version, automation: { ...automation, survey: values.survey, survey_design: writeSurvey(values) } });
      queries.setQueryData(channelQuery(channel.id).queryKey, saved);
      return readSurvey(saved.automation ?? automation);
    },
  });
  const { values } = form;
  return (
    <Group title={t("survey.title")} hint={t("survey.hint")}>
      <form {...form.props} className="flex min-w-0 flex-col gap-5">
        <Switch label={t("automation.survey")} hint={t("automation.survey_hint")} checked={values.survey} onChange={(survey) => form.set({ survey })} />
        {values.survey && (
          <>
            <div className="grid gap-6 sm:grid-cols-2">
              {locales.map((language) => (
                <Texts key={language} form={form} language={language} />
              ))}
            </div>
            <Switch label={t("survey.ask_comment")} hint={t("survey.ask_comment_hint")} checked={values.comment} onChange={(comment) => form.set({ comment })} />
            {spec.capabilities.templates && (
              <StandIns
                channel={channel}
                label={(language) => t("survey.template", { language })}
                hint={t("survey.templates_hint")}
                value={(language) => values[templateField(language)]}
                error={(language) => form.error(templateField(language)) ?? ""}
                onChange={(language, chosen) => form.set({ [templateField(language)]: chosen } as Partial<SurveyValues>)}
              />
            )}
            <SurveyPreview channel={channel.id} design={writeSurvey(values)} />
          </>
        )}
        <SaveBar form={form} />
      </form>
    </Group>
  );
}

/** The words of one language. */
function Texts({ form, language }: { form: Form<SurveyValues>; language: (typeof locales)[number] }) {
  const t = useT();
  return (
    <fieldset className="flex min-w-0 flex-col gap-4">
      <legend className="float-left mb-1 text-sm font-semibold">{languageName(language)}</legend>
      <Textarea {...form.text(textField(language, "question"))} label={t("survey.question")} hint={t("survey.question_hint")} placeholder={t("automation.own")} maxLength={maxText} lang={language} />
      <fieldset className="flex flex-col gap-2">
        <legend className="text-sm font-medium">{t("survey.labels")}</legend>
        <p className="text-xs text-muted">{t("survey.labels_hint")}</p>
        {scale.map((at) => (
          <TextField key={at} {...form.text(labelField(language, at))} label={t("survey.label", { n: at + 1 })} hideLabel placeholder={`${at + 1}`} maxLength={maxLabel} autoComplete="off" lang={language} />
        ))}
      </fieldset>
      <Textarea {...form.text(textField(language, "thanks"))} label={t("survey.thanks")} placeholder={t("automation.own")} maxLength={maxText} lang={language} />
      {form.values.comment && <Textarea {...form.text(textField(language, "comment"))} label={t("survey.comment")} hint={t("survey.comment_hint")} placeholder={t("automation.own")} maxLength={maxText} lang={language} />}
    </fieldset>
  );
}
