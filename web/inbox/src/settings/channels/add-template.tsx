import type { Channel, Template } from "../../api/types.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { check } from "../../form/person.ts";
import { useForm } from "../../form/use-form.ts";
import { useLanguage } from "../../i18n/index.tsx";
import { useNow } from "../../i18n/now.ts";
import { Textarea, TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { addTemplate, templatesQuery } from "../api.ts";
import { useReread } from "../use-change.ts";
import { TemplateButtons } from "./template-buttons.tsx";
import { TemplateSample } from "./template-sample.tsx";
import { emptyTemplate, headerKinds, isWhole, nameKeptUntil, previewOf, sampled, sampleTypes, templateBody, type TemplateValues } from "./templates.ts";

interface AddTemplateProps {
  channel: Channel;
  /** The channel's templates, deleted ones too: their names are kept back for a while. */
  all: readonly Template[];
  onClose: () => void;
}

/** The form of a new template (C3.4). */
export function AddTemplate({ channel, all, onClose }: AddTemplateProps) {
  const { t, format } = useLanguage();
  const now = useNow();
  const reread = useReread(templatesQuery(channel.id).queryKey);
  const form = useForm<TemplateValues>({
    initial: emptyTemplate,
    check: ({ name, body, language, header_kind, header_sample, buttons }) => ({
      name: /^[a-z0-9_]+$/.test(name) ? "" : t("templates.name_hint"),
      body: check.filled(t, body),
      language: check.filled(t, language),
      header_sample: sampleTypes[header_kind] !== undefined && !header_sample ? t("templates.sample_missing") : "",
      buttons: buttons.every(isWhole) ? "" : t("templates.buttons_unfinished"),
    }),
    save: async (values) => {
      await addTemplate(channel.id, templateBody(values));
      await reread();
      onClose();
    },
  });
  const { values } = form;
  const until = nameKeptUntil(all, values.name, now.getTime());
  return (
    <FormDialog form={form} title={t("templates.add")} description={t("templates.add_hint")} submit={t("templates.submit")} onClose={onClose}>
      <div className="flex flex-col gap-1">
        <TextField {...form.text("name")} label={t("templates.name")} hint={t("templates.name_hint")} maxLength={512} autoComplete="off" spellCheck={false} />
        <output className="text-xs text-warn empty:hidden">{until !== null && t("templates.name_kept", { date: format.day(new Date(until), now) })}</output>
      </div>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <TextField {...form.text("language")} label={t("templates.language")} hint={t("templates.language_hint")} maxLength={20} autoComplete="off" spellCheck={false} />
        <Select
          label={t("templates.category")}
          value={values.category}
          onChange={(category) => form.set({ category })}
          options={(["utility", "marketing", "authentication"] as const).map((value) => ({ value, label: t(`templates.category.${value}`) }))}
        />
      </div>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <Select
          label={t("templates.header_kind")}
          value={values.header_kind}
          onChange={(header_kind) => form.set({ header_kind, header_sample: "" })}
          options={headerKinds.map((value) => ({ value, label: t(`templates.header_kind.${value}`) }))}
        />
        {values.header_kind === "text" && <TextField {...form.text("header")} label={t("templates.header")} maxLength={60} autoComplete="off" />}
        {sampleTypes[values.header_kind] !== undefined && (
          <TemplateSample key={values.header_kind} channel={channel.id} types={sampleTypes[values.header_kind] ?? ""} error={form.error("header_sample")} onTaken={(header_sample) => form.set({ header_sample })} />
        )}
      </div>
      <Textarea {...form.text("body")} label={t("templates.body")} hint={t("templates.body_hint")} rows={5} maxLength={1024} />
      <TextField {...form.text("footer")} label={t("templates.footer")} maxLength={60} autoComplete="off" />
      {sampled(values).map((name) => (
        <TextField
          key={name}
          label={name.startsWith("header.") ? t("templates.sample_header", { name: `{{${name.slice("header.".length)}}}` }) : t("templates.sample", { name: `{{${name}}}` })}
          value={values.samples[name] ?? ""}
          error={form.error("samples") && !values.samples[name]?.trim() ? form.error("samples") : ""}
          onChange={(event) => form.set({ samples: { ...values.samples, [name]: event.target.value } })}
          autoComplete="off"
        />
      ))}
      <TemplateButtons buttons={values.buttons} error={form.error("buttons")} onChange={(buttons) => form.set({ buttons })} />
      <section aria-label={t("templates.preview")} className="flex flex-col gap-1">
        <h3 className="text-sm font-medium">{t("templates.preview")}</h3>
        <div className="flex max-w-full flex-col gap-1.5 rounded-lg bg-ours px-3 py-2 text-sm">
          {values.header_kind !== "text" && <p className="text-xs text-muted">{t(`templates.above.${values.header_kind}`)}</p>}
          <p className="break-words whitespace-pre-wrap">{previewOf(values)}</p>
        </div>
      </section>
    </FormDialog>
  );
}
