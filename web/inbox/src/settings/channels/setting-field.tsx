import { Plus, X } from "lucide-react";
import { useId } from "react";
import { locales } from "../../i18n/catalogue.ts";
import { useT, type Key, type T } from "../../i18n/index.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { described, FieldFrame, Textarea, TextField } from "../../ui/field.tsx";
import { PasswordField } from "../../ui/password-field.tsx";
import { Select } from "../../ui/select.tsx";
import { Switch } from "../../ui/switch.tsx";
import type { Setting } from "../api.ts";
import { useAddedRow } from "../use-added-row.ts";
import { length, siteOf, type Value } from "./settings.ts";

interface SettingFieldProps {
  kind: string;
  setting: Setting;
  value: Value;
  onChange: (value: Value) => void;
  onLeave: () => void;
  error: string;
  disabled: boolean;
  /** The channel's own texts, where the server has them. */
  words?: Readonly<Record<string, string>> | undefined;
  /** Set for a secret that is kept: what to show in its place. */
  kept?: string;
}

/** A text of a channel's form, "" where we have none. */
function say(t: T, key: string): string {
  const text = t(key as Key);
  return text === key ? "" : text;
}

/** "ask_name" as a label of last resort. */
const spoken = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");

/** The label of a setting: the channel's own words, else the words many channels share, else its name. */
export const labelOf = (t: T, kind: string, name: string) => say(t, `setting.${kind}.${name}`) || say(t, `setting.any.${name}`) || spoken(name);
const hintOf = (t: T, kind: string, name: string) => say(t, `setting.${kind}.${name}_hint`) || say(t, `setting.any.${name}_hint`);
const optionOf = (t: T, kind: string, name: string, option: string) => say(t, `setting.${kind}.${name}.${option}`) || spoken(option);

/** One field of a channel's form, rendered by its type, so that a new channel needs no code here. */
export function SettingField(props: SettingFieldProps) {
  const t = useT();
  const { kind, setting, value, onChange, onLeave, error, disabled, words = {}, kept = "" } = props;
  const label = words[`setting.${setting.name}`] ?? labelOf(t, kind, setting.name);
  const hint = words[`setting.${setting.name}.hint`] ?? hintOf(t, kind, setting.name);
  const common = { label, hint, error, disabled, name: setting.name, required: setting.required ?? false, onBlur: onLeave };
  switch (setting.type) {
    case "bool":
      return <Switch label={label} hint={hint} checked={value === true} onChange={onChange} disabled={disabled} />;
    case "choice":
      return (
        <Select
          label={label}
          hint={hint}
          value={String(value)}
          disabled={disabled}
          onChange={onChange}
          options={(setting.options ?? []).map((option) => ({ value: option, label: words[`option.${setting.name}.${option}`] ?? optionOf(t, kind, setting.name, option) }))}
        />
      );
    case "color":
      return <ColorField {...props} label={label} hint={hint} />;
    case "origins":
      return <SitesField {...props} label={label} hint={hint} />;
    case "texts":
      return <TextsField {...props} label={label} hint={hint} />;
    case "secret":
      return <PasswordField {...common} placeholder={kept} value={String(value)} autoComplete="new-password" onChange={(event) => onChange(event.target.value)} />;
    case "phone":
      return <TextField {...common} type="tel" inputMode="tel" placeholder="+81…" spellCheck={false} value={String(value)} onChange={(event) => onChange(event.target.value)} />;
    case "url":
      return <TextField {...common} type="url" inputMode="url" placeholder="https://" spellCheck={false} value={String(value)} onChange={(event) => onChange(event.target.value)} />;
    default:
      return <TextField {...common} autoComplete="off" value={String(value)} onChange={(event) => onChange(event.target.value)} />;
  }
}

type Labelled = SettingFieldProps & { label: string; hint: string };

function ColorField({ label, hint, value, onChange, onLeave, error, disabled }: Labelled) {
  const t = useT();
  const text = String(value);
  const id = useId();
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      <div className="flex items-center gap-2">
        <input
          type="color"
          aria-label={t("channels.color_pick")}
          value={/^#[0-9a-f]{6}$/i.test(text) ? text.toLowerCase() : "#000000"}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value)}
          className="h-9 w-12 shrink-0 rounded border border-strong-line bg-surface p-1"
        />
        <input
          id={id}
          className="field max-w-32 font-mono"
          spellCheck={false}
          autoComplete="off"
          maxLength={7}
          value={text}
          disabled={disabled}
          aria-invalid={error ? true : undefined}
          aria-describedby={described(id, { hint, error })}
          onChange={(event) => onChange(event.target.value)}
          onBlur={onLeave}
        />
      </div>
    </FieldFrame>
  );
}

function SitesField({ label, hint, value, onChange, onLeave, error, disabled }: Labelled) {
  const t = useT();
  const id = useId();
  const sites = Array.isArray(value) ? (value as readonly string[]) : [];
  const { box, added } = useAddedRow<HTMLFieldSetElement>("[data-site]");
  const add = () => {
    added();
    onChange([...sites, ""]);
  };
  const put = (at: number, site: string) => onChange(sites.map((one, i) => (i === at ? site : one)));
  return (
    <fieldset ref={box} className="flex flex-col gap-1.5" aria-describedby={described(id, { hint, error })}>
      <legend className="mb-1 text-sm font-medium">{label}</legend>
      {sites.map((site, i) => {
        const wrong = site.trim() !== "" && !siteOf(site);
        return (
          // oxlint-disable-next-line react/no-array-index-key -- rows have nothing else to be known by
          <div key={i} data-site className="flex items-center gap-1.5">
            <input
              aria-label={t("channels.site_n", { n: i + 1 })}
              className="field"
              inputMode="url"
              autoCapitalize="none"
              spellCheck={false}
              autoComplete="off"
              placeholder="https://www.example.com"
              value={site}
              disabled={disabled}
              aria-invalid={error && wrong ? true : undefined}
              aria-describedby={error && wrong ? `${id}-error` : undefined}
              onChange={(event) => put(i, event.target.value)}
              onBlur={(event) => {
                if (siteOf(event.target.value)) put(i, siteOf(event.target.value));
                onLeave();
              }}
            />
            <IconButton label={t("channels.site_remove", { n: i + 1 })} disabled={disabled} onClick={() => onChange(sites.filter((_, j) => j !== i))}>
              <X size={15} aria-hidden />
            </IconButton>
          </div>
        );
      })}
      <Button className="self-start" disabled={disabled} onClick={add}>
        <Plus size={15} aria-hidden /> {t("channels.site_add")}
      </Button>
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
    </fieldset>
  );
}

function TextsField({ setting, label, hint, value, onChange, onLeave, error, disabled }: Labelled) {
  const t = useT();
  const texts = typeof value === "object" && !Array.isArray(value) ? (value as Readonly<Record<string, string>>) : {};
  const limit = setting.max_runes ?? 0;
  const id = useId();
  return (
    <fieldset className="flex flex-col gap-2" aria-describedby={described(id, { hint, error })}>
      <legend className="mb-1 text-sm font-medium">{label}</legend>
      {hint && (
        <p id={`${id}-hint`} className="-mt-1 text-xs text-muted">
          {hint}
        </p>
      )}
      <div className="grid gap-3 sm:grid-cols-2">
        {locales.map((locale) => {
          const text = texts[locale] ?? "";
          const over = limit > 0 && length(text.trim()) > limit;
          return (
            <div key={locale} lang={locale} className="[&_label]:text-xs [&_label]:font-normal [&_label]:text-muted">
              <Textarea
                label={new Intl.DisplayNames(locale, { type: "language" }).of(locale) ?? locale}
                rows={2}
                value={text}
                disabled={disabled}
                error={over ? error : ""}
                onChange={(event) => onChange({ ...texts, [locale]: event.target.value })}
                onBlur={onLeave}
              />
              {limit > 0 && length(text) > limit * 0.7 && <p className={`mt-0.5 text-right text-2xs tabular-nums ${over ? "text-danger" : "text-faint"}`}>{t("channels.count", { count: length(text.trim()), limit })}</p>}
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}
