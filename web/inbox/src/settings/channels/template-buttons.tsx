import { Plus, Trash2 } from "lucide-react";
import { useT } from "../../i18n/index.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { buttonKinds, buttonRules, type ButtonValues, isWhole, mayAdd, variablesOf, withButton } from "./templates.ts";

interface TemplateButtonsProps {
  buttons: readonly ButtonValues[];
  error: string;
  onChange: (buttons: readonly ButtonValues[]) => void;
}

/** The buttons below a template's text (C3.4). */
export function TemplateButtons({ buttons, error, onChange }: TemplateButtonsProps) {
  const t = useT();
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">{t("templates.buttons")}</legend>
      {buttons.map((one, i) => (
        <OneButton
          key={i}
          button={one}
          wrong={error !== "" && !isWhole(one)}
          onChange={(news) => onChange(buttons.with(i, { ...one, ...news }))}
          onRemove={() => onChange(buttons.toSpliced(i, 1))}
        />
      ))}
      <div className="flex flex-wrap gap-2">
        {buttonKinds.map((kind) => (
          <Button key={kind} size="sm" disabled={!mayAdd(buttons, kind)} onClick={() => onChange(withButton(buttons, kind))}>
            <Plus size={14} aria-hidden /> {t(`templates.button.${kind}`)}
          </Button>
        ))}
      </div>
      {error && (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
    </fieldset>
  );
}

interface OneButtonProps {
  button: ButtonValues;
  /** Whether something that it needs is missing, and to be said. */
  wrong: boolean;
  onChange: (news: Partial<ButtonValues>) => void;
  onRemove: () => void;
}

function OneButton({ button: { kind, label, value, sample }, wrong, onChange, onRemove }: OneButtonProps) {
  const t = useT();
  const missing = (text: string) => (wrong && !text.trim() ? t("entry.check.missing") : "");
  return (
    <fieldset aria-label={t(`templates.button.${kind}`)} className="flex min-w-0 items-start gap-2 rounded border border-line p-3">
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <p className="text-xs text-muted">{t(`templates.button.${kind}`)}</p>
        {kind !== "copy_code" && (
          <TextField label={t("templates.button_label")} value={label} error={missing(label)} maxLength={25} autoComplete="off" onChange={(event) => onChange({ label: event.target.value })} />
        )}
        {kind !== "quick_reply" && (
          <TextField
            label={t(`templates.button_value.${kind}`)}
            hint={t(`templates.button_hint.${kind}`)}
            value={value}
            error={missing(value)}
            maxLength={buttonRules[kind].value}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange({ value: event.target.value })}
          />
        )}
        {kind === "url" && variablesOf(value).length > 0 && (
          <TextField label={t("templates.sample", { name: value.slice(value.indexOf("{{")) })} value={sample} error={missing(sample)} autoComplete="off" onChange={(event) => onChange({ sample: event.target.value })} />
        )}
      </div>
      <IconButton label={t("templates.button_remove")} onClick={onRemove}>
        <Trash2 size={15} aria-hidden />
      </IconButton>
    </fieldset>
  );
}
