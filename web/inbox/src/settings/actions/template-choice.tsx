import { preview, variablesOf } from "../../composer/template.ts";
import type { Template } from "../../api/types.ts";
import { useT } from "../../i18n/index.tsx";
import { TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { TextsWithVariables } from "../variable-menu.tsx";

interface ChosenTemplate {
  id: number;
  variables?: Record<string, string>;
}

interface ChoiceProps {
  label: string;
  hint?: string;
  error?: string;
  /** Those to choose from, each with what it is called. */
  templates: readonly { template: Template; name: string }[];
  value: ChosenTemplate | null;
  /** Set where none may be chosen: what that is called. */
  none?: string;
  onChange: (value: ChosenTemplate | null) => void;
}

const withFile = ["image", "video", "document", "location"];

/** A template that goes by itself, what stands for its variables, and how it reads. */
export function TemplateChoice({ label, hint, error, templates, value, none, onChange }: ChoiceProps) {
  const t = useT();
  const chosen = templates.find(({ template }) => template.id === value?.id)?.template;
  const values = value?.variables ?? {};
  const offered = templates.filter(({ template }) => (template.sendable && !withFile.includes(template.header?.kind ?? "")) || template.id === value?.id);
  return (
    <>
      <Select
        label={label}
        {...(hint && { hint })}
        {...(error && { error })}
        value={value ? String(value.id) : none === undefined ? null : "0"}
        onChange={(id) => onChange(id === "0" ? null : { id: Number(id) })}
        options={[...(none === undefined ? [] : [{ value: "0", label: none }]), ...offered.map(({ template, name }) => ({ value: String(template.id), label: name }))]}
        placeholder={t("actions.choose")}
      />
      {chosen && value && (
        <>
          {variablesOf(chosen).length > 0 && (
            <TextsWithVariables>
              {variablesOf(chosen).map((name) => (
                <TextField key={name} label={t("actions.variable", { name })} value={values[name] ?? ""} maxLength={1000} onChange={(event) => onChange({ ...value, variables: { ...values, [name]: event.target.value } })} />
              ))}
            </TextsWithVariables>
          )}
          <blockquote lang={chosen.language} className="rounded-lg bg-accent-soft px-3 py-2 text-sm break-words whitespace-pre-line">
            {preview(chosen, values)}
          </blockquote>
        </>
      )}
    </>
  );
}
