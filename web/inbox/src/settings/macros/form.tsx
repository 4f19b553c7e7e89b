import { addMacro, editMacro, macrosQuery, type Macro, type MacroAction } from "../../api/macros.ts";
import { audienceBody, audienceValue } from "../../form/audience.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { check } from "../../form/person.ts";
import { useForm } from "../../form/use-form.ts";
import { useT } from "../../i18n/index.tsx";
import { TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { ActionsEditor } from "../actions/editor.tsx";
import { useAudiences } from "../audience.ts";
import { useReread } from "../use-change.ts";

/** Name, audience and actions of a macro; null makes a new one. */
export function MacroForm({ macro, onClose }: { macro: Macro | null; onClose: () => void }) {
  const t = useT();
  const reread = useReread(macrosQuery.queryKey);
  const form = useForm({
    initial: { audience: audienceValue(macro), name: macro?.name ?? "", reading: macro?.reading ?? "", actions: (macro?.actions ?? []) as MacroAction[] },
    check: (values) => ({ name: check.filled(t, values.name), ...(values.actions.length === 0 ? { actions: t("macros.actions_missing") } : {}) }),
    blame: { macro_name_taken: "name", macro_speaks_twice: "actions" },
    save: async (values) => {
      const body = { ...audienceBody(values.audience), name: values.name.trim(), reading: values.reading.trim(), actions: values.actions };
      if (macro) await editMacro(macro.id, { ...body, version: macro.version });
      else await addMacro(body);
      await reread();
      onClose();
    },
  });
  const audiences = useAudiences(form.values.audience);
  return (
    <FormDialog form={form} title={macro ? t("settings.edit_named", { name: macro.name }) : t("macros.add")} submit={macro ? t("action.save") : t("settings.add")} onClose={onClose}>
      <TextField {...form.text("name")} label={t("canned.name")} hint={t("macros.name_hint")} maxLength={60} autoComplete="off" />
      <TextField {...form.text("reading")} label={t("canned.reading")} hint={t("canned.reading_hint")} maxLength={60} autoComplete="off" />
      <Select label={t("canned.audience")} value={form.values.audience} onChange={(audience) => form.set({ audience })} options={audiences} />
      <ActionsEditor actions={form.values.actions} onChange={(actions) => form.set({ actions })} error={form.error("actions")} />
    </FormDialog>
  );
}
