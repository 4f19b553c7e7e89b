import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { fieldsQuery } from "../../api/contacts.ts";
import type { Field } from "../../api/types.ts";
import { useForm } from "../../form/use-form.ts";
import { labelIn } from "../../customer/custom-field.tsx";
import { useLanguage } from "../../i18n/index.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { Switch } from "../../ui/switch.tsx";
import { addField, editField } from "../api.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { useReread } from "../use-change.ts";
import { keyOf, optionId } from "./keys.ts";

const kinds = ["text", "number", "date", "choice", "choices", "checkbox", "link"] as const;

interface Option {
  id: string;
  ja: string;
  en: string;
}

interface Values {
  ja: string;
  en: string;
  key: string;
  kind: Field["kind"];
  required: boolean;
  options: Option[];
}

/** Makes or changes a field. Its key and kind never change: records hold values of it. */
export function FieldForm({ field, subject, onClose }: { field: Field | null; subject: Field["subject"]; onClose: () => void }) {
  const { t, locale } = useLanguage();
  const reread = useReread(fieldsQuery.queryKey);
  const form = useForm<Values>({
    initial: {
      ja: field?.label.ja ?? "",
      en: field?.label.en ?? "",
      key: field?.key ?? "",
      kind: field?.kind ?? "text",
      required: field?.required ?? false,
      options: (field?.options ?? []).map(({ id, label }) => ({ id, ja: label.ja ?? "", en: label.en ?? "" })),
    },
    check: (values) => ({
      [locale]: values.ja.trim() || values.en.trim() ? "" : t("entry.check.missing"),
      key: /^[a-z][a-z0-9_]{0,39}$/.test(values.key || keyOf(values.en)) ? "" : t("fields.key_check"),
      options: isChosen(values.kind) && !values.options.some(({ ja, en }) => ja.trim() || en.trim()) ? t("fields.options_check") : "",
    }),
    blame: { field_taken: "key", field_key_invalid: "key", field_label_missing: locale },
    save: async ({ ja, en, key, kind, required, options }) => {
      const named = options.filter((option) => option.ja.trim() || option.en.trim());
      const ids: string[] = [];
      for (const option of named) ids.push(option.id || optionId(option.en || option.ja, [...ids, ...named.map(({ id }) => id)]));
      const body = { label: { ja: ja.trim(), en: en.trim() }, required, options: isChosen(kind) ? named.map((option, i) => ({ id: ids[i] ?? "", label: { ja: option.ja.trim(), en: option.en.trim() } })) : [] };
      if (field) await editField(field, body);
      else await addField({ ...body, subject, kind, key: key || keyOf(en) });
      await reread();
      onClose();
    },
  });
  const { values } = form;
  const names = [
    <TextField key="ja" {...form.text("ja")} label={t("fields.label_ja")} maxLength={100} autoComplete="off" />,
    <TextField key="en" {...form.text("en")} label={t("fields.label_en")} maxLength={100} autoComplete="off" />,
  ];
  return (
    <FormDialog form={form} title={field ? t("settings.edit_named", { name: labelIn(field.label, locale) }) : t(`fields.add.${subject}`)} submit={field ? t("action.save") : t("settings.add")} onClose={onClose}>
      {locale === "ja" ? names : names.reverse()}
      {field ? (
        <p className="text-sm text-muted">
          {t(`fields.kind.${field.kind}`)} · <code>{field.key}</code>
        </p>
      ) : (
        <>
          <Select<Field["kind"]> label={t("fields.kind")} value={values.kind} onChange={(kind) => form.set({ kind })} options={kinds.map((kind) => ({ value: kind, label: t(`fields.kind.${kind}`) }))} />
          <TextField {...form.text("key")} label={t("fields.key")} hint={t("fields.key_hint")} placeholder={keyOf(values.en)} maxLength={40} autoComplete="off" />
        </>
      )}
      {isChosen(values.kind) && <Options options={values.options} error={form.error("options")} onChange={(options) => form.set({ options })} />}
      <Switch label={t("fields.required")} hint={t("fields.required_hint")} checked={values.required} onChange={(required) => form.set({ required })} />
    </FormDialog>
  );
}

const isChosen = (kind: Field["kind"]) => kind === "choice" || kind === "choices";

/** The choices of a field, in the order they are offered. */
function Options({ options, error, onChange }: { options: readonly Option[]; error: string; onChange: (options: Option[]) => void }) {
  const { t } = useLanguage();
  const change = (at: number, news: Partial<Option>) => onChange(options.map((option, i) => (i === at ? { ...option, ...news } : option)));
  const move = (at: number, by: 1 | -1) => {
    const all = [...options];
    const [one] = all.splice(at, 1);
    if (one) all.splice(at + by, 0, one);
    onChange(all);
  };
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">{t("fields.options")}</legend>
      {options.map((option, at) => (
        <div key={at} className="flex items-center gap-1.5">
          <TextField label={t("fields.option_ja", { n: at + 1 })} hideLabel placeholder="日本語" value={option.ja} maxLength={100} onChange={(event) => change(at, { ja: event.target.value })} />
          <TextField label={t("fields.option_en", { n: at + 1 })} hideLabel placeholder="English" value={option.en} maxLength={100} onChange={(event) => change(at, { en: event.target.value })} />
          <IconButton size="sm" label={t("fields.option_up", { n: at + 1 })} disabled={at === 0} onClick={() => move(at, -1)}>
            <ArrowUp size={13} aria-hidden />
          </IconButton>
          <IconButton size="sm" label={t("fields.option_down", { n: at + 1 })} disabled={at === options.length - 1} onClick={() => move(at, 1)}>
            <ArrowDown size={13} aria-hidden />
          </IconButton>
          <IconButton size="sm" label={t("fields.option_remove", { n: at + 1 })} onClick={() => onChange(options.filter((_, i) => i !== at))}>
            <Trash2 size={13} aria-hidden />
          </IconButton>
        </div>
      ))}
      <Button size="sm" className="self-start" onClick={() => onChange([...options, { id: "", ja: "", en: "" }])}>
        <Plus size={13} aria-hidden /> {t("fields.option_add")}
      </Button>
      {error && (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
    </fieldset>
  );
}
