import { useQuery } from "@tanstack/react-query";
import { cannedQuery } from "../../api/desk.ts";
import { useSession } from "../../api/session.ts";
import type { CannedReply } from "../../api/types.ts";
import { foldersOf } from "../../composer/canned.ts";
import { unknown, variables } from "../../composer/variables.ts";
import { audienceBody, audienceValue } from "../../form/audience.ts";
import { check } from "../../form/person.ts";
import { useForm } from "../../form/use-form.ts";
import { useRoom, useT } from "../../i18n/index.tsx";
import { Button } from "../../ui/button.tsx";
import { Textarea, TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { addCanned, editCanned } from "../api.ts";
import { useAudiences } from "../audience.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { languages } from "../languages.ts";
import { CannedFiles } from "./files.tsx";
import { useReread } from "../use-change.ts";
import { useTexts } from "../use-texts.ts";

/** Name, audience and texts of a canned reply; null makes a new one. */
export function CannedForm({ reply, onClose }: { reply: CannedReply | null; onClose: () => void }) {
  const t = useT();
  const reread = useReread(cannedQuery.queryKey);
  const { workspace } = useSession();
  const form = useForm({
    initial: { audience: audienceValue(reply), name: reply?.name ?? "", reading: reply?.reading ?? "", folder: reply?.folder ?? "", files: (reply?.files ?? []).map(({ id }) => id).join(","), "texts.ja": reply?.texts["ja"] ?? "", "texts.en": reply?.texts["en"] ?? "" },
    check: (values) => {
      const errors: Record<string, string> = { name: check.filled(t, values.name) };
      for (const { value } of languages()) {
        const wrong = unknown(values[`texts.${value}`]);
        if (wrong) errors[`texts.${value}`] = t("canned.variable_unknown", { name: wrong });
      }
      if (!values["texts.ja"].trim() && !values["texts.en"].trim()) errors[`texts.${workspace.locale}`] = t("canned.text_missing");
      return errors;
    },
    blame: { canned_name_taken: "name", text_missing: `texts.${workspace.locale}` as const },
    save: async (values) => {
      const body = {
        ...audienceBody(values.audience),
        name: values.name.trim(),
        reading: values.reading.trim(),
        folder: values.folder.trim(),
        files: values.files.split(",").filter(Boolean).map(Number),
        texts: { ja: values["texts.ja"], en: values["texts.en"] },
      };
      if (reply) await editCanned(reply.id, { ...body, version: reply.version });
      else await addCanned(body);
      await reread();
      onClose();
    },
  });
  const audiences = useAudiences(form.values.audience);
  const { data: all = [] } = useQuery(cannedQuery);
  const folders = foldersOf(all);
  const { around, put } = useTexts();
  const words = useRoom("thread");
  const ordered = [...languages()].sort((a, b) => Number(b.value === workspace.locale) - Number(a.value === workspace.locale));
  return (
    <FormDialog form={form} title={reply ? t("settings.edit_named", { name: reply.name }) : t("canned.add")} submit={reply ? t("action.save") : t("settings.add")} onClose={onClose}>
      <TextField {...form.text("name")} label={t("canned.name")} hint={t("canned.name_hint")} maxLength={60} autoComplete="off" />
      <TextField {...form.text("reading")} label={t("canned.reading")} hint={t("canned.reading_hint")} maxLength={60} autoComplete="off" />
      <TextField {...form.text("folder")} label={t("canned.folder")} hint={t("canned.folder_hint")} maxLength={60} autoComplete="off" list="canned-folders" />
      <datalist id="canned-folders">
        {folders.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </datalist>
      <Select label={t("canned.audience")} value={form.values.audience} onChange={(audience) => form.set({ audience })} options={audiences} />
      <div {...around} className="flex flex-col gap-4">
        {ordered.map(({ value, label }) => (
          <Textarea key={value} {...form.text(`texts.${value}`)} label={t("canned.text_in", { language: label })} rows={4} maxLength={10_000} lang={value} />
        ))}
      </div>
      <p className="-mt-2 text-xs text-muted">{t("canned.text_hint")}</p>
      <CannedFiles ids={form.values.files} known={reply?.files ?? []} onChange={(files) => form.set({ files })} />
      <div className="text-xs text-muted">
        <p>{t("canned.variables")}</p>
        <ul className="mt-1.5 flex flex-wrap gap-1.5">
          {variables.map((name) => (
            <li key={name}>
              <Button size="sm" onClick={() => put(name)}>
                {words && t(`variable.${name}`)} <code className="text-2xs text-muted">{`{{${name}}}`}</code>
              </Button>
            </li>
          ))}
        </ul>
        <p className="mt-1.5">{t("canned.otherwise", { example: `{{contact.name|${workspace.locale === "ja" ? "お客様" : "there"}}}` })}</p>
      </div>
    </FormDialog>
  );
}
