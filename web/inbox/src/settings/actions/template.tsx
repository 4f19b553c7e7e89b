import type { MacroAction } from "../../api/macros.ts";
import { preview, variablesOf } from "../../composer/template.ts";
import { useT } from "../../i18n/index.tsx";
import { useTemplates } from "../../macros/templates.ts";
import { TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";

/** Which template is sent, and what stands for its variables. */
export function TemplateValue({ action, onChange }: { action: MacroAction; onChange: (action: MacroAction) => void }) {
  const t = useT();
  const templates = useTemplates();
  const chosen = templates.find(({ template }) => template.id === action.template_id)?.template;
  const values = action.variables ?? {};
  return (
    <>
      <Select
        label={t("actions.which_template")}
        value={action.template_id === undefined ? null : String(action.template_id)}
        onChange={(id) => onChange({ kind: action.kind, template_id: Number(id) })}
        options={templates
          .filter(({ template }) => template.sendable && !["image", "video", "document", "location"].includes(template.header?.kind ?? "") || template.id === action.template_id)
          .map(({ template, channel }) => ({ value: String(template.id), label: `${template.name} (${template.language}) – ${channel}` }))}
        placeholder={t("actions.choose")}
      />
      {chosen && (
        <>
          {variablesOf(chosen).map((name) => (
            <TextField key={name} label={t("actions.variable", { name })} value={values[name] ?? ""} maxLength={1000} onChange={(event) => onChange({ ...action, variables: { ...values, [name]: event.target.value } })} />
          ))}
          <blockquote lang={chosen.language} className="rounded-lg bg-accent-soft px-3 py-2 text-sm break-words whitespace-pre-line">
            {preview(chosen, values)}
          </blockquote>
          <p className="text-xs text-muted">{t("actions.variables", { example: "{{contact.name}}" })}</p>
        </>
      )}
    </>
  );
}
