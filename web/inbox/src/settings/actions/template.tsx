import type { MacroAction } from "../../api/macros.ts";
import { useT } from "../../i18n/index.tsx";
import { useTemplates } from "../../macros/templates.ts";
import { TemplateChoice } from "./template-choice.tsx";

/** Which template is sent, and what stands for its variables. */
export function TemplateValue({ action, onChange }: { action: MacroAction; onChange: (action: MacroAction) => void }) {
  const t = useT();
  const templates = useTemplates();
  return (
    <TemplateChoice
      label={t("actions.which_template")}
      templates={templates.map(({ template, channel }) => ({ template, name: `${template.name} (${template.language}) – ${channel}` }))}
      value={action.template_id === undefined ? null : { id: action.template_id, ...(action.variables && { variables: action.variables }) }}
      onChange={(value) => onChange({ kind: action.kind, ...(value && { template_id: value.id, ...(value.variables && { variables: value.variables }) }) })}
    />
  );
}
