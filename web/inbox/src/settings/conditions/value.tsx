import { useState } from "react";
import { useT } from "../../i18n/index.tsx";
import { MultiCombobox } from "../../ui/combobox.tsx";
import { TextField } from "../../ui/field.tsx";
import type { Choices } from "./choices.ts";
import { kindOf, type Condition } from "./facts.ts";

interface ValueProps {
  condition: Condition;
  choices: Choices;
  label: string;
  error: string;
  onChange: (values: string[]) => void;
}

/** What a condition compares with: chosen where the values are known, typed where not. */
export function ConditionValue({ condition, choices, label, error, onChange }: ValueProps) {
  const t = useT();
  const values = condition.values ?? [];
  const kind = kindOf(condition, choices.fields);
  if (condition.op === "set" || condition.op === "unset") return null;
  if (kind === "text") return <Texts values={values} label={label} error={error} onChange={onChange} />;
  if (kind === "clock")
    return (
      <div className="flex items-end gap-2">
        <TextField type="time" label={t("conditions.from", { label })} hideLabel value={values[0] ?? ""} error={error} onChange={(event) => onChange([event.target.value, values[1] ?? ""])} />
        <span aria-hidden className="pb-1.5 text-muted">
          –
        </span>
        <TextField type="time" label={t("conditions.until", { label })} hideLabel value={values[1] ?? ""} onChange={(event) => onChange([values[0] ?? "", event.target.value])} />
      </div>
    );
  if (kind === "number" || kind === "minutes" || kind === "date")
    return (
      <TextField
        type={kind === "date" ? "date" : "text"}
        inputMode={kind === "date" ? undefined : "decimal"}
        label={label}
        hideLabel
        value={values[0] ?? ""}
        error={error}
        placeholder={kind === "minutes" ? t("conditions.minutes_hint") : ""}
        onChange={(event) => onChange(event.target.value ? [event.target.value.normalize("NFKC")] : [])}
      />
    );
  return (
    <div className="flex flex-col gap-1">
      <MultiCombobox label={label} hideLabel items={choices.of(condition)} value={values} onChange={onChange} placeholder={t("conditions.choose")} removeLabel={(name) => t("conditions.value_remove", { name })} />
      {error && (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
    </div>
  );
}

const separators = /[,、，\n]/;
const parted = (text: string) => [...new Set(text.split(separators).map((word) => word.trim()).filter(Boolean))];

/** Words in one line, parted by commas of either kind; what is being typed stays as it is. */
function Texts({ values, label, error, onChange }: { values: readonly string[]; label: string; error: string; onChange: (values: string[]) => void }) {
  const t = useT();
  const [typed, setTyped] = useState(values.join(t("conditions.comma")));
  const shown = parted(typed).join("\n") === values.join("\n") ? typed : values.join(t("conditions.comma"));
  return (
    <TextField
      label={label}
      hideLabel
      value={shown}
      error={error}
      placeholder={t("conditions.text_hint")}
      autoComplete="off"
      onChange={(event) => {
        setTyped(event.target.value);
        onChange(parted(event.target.value));
      }}
    />
  );
}
