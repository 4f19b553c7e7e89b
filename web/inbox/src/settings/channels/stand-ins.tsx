import type { components } from "@madoguchi/api";
import { useQuery } from "@tanstack/react-query";
import type { Channel, Locale } from "../../api/types.ts";
import { locales } from "../../i18n/catalogue.ts";
import { useRoom, useT } from "../../i18n/index.tsx";
import { TemplateChoice } from "../actions/template-choice.tsx";
import { templatesQuery } from "../api.ts";
import { languageName } from "../languages.ts";

export type ChosenTemplate = components["schemas"]["ChosenTemplate"];

interface Props {
  channel: Channel;
  /** What each is called; two choosers on one page need names of their own. */
  label: (language: string) => string;
  /** What happens where none is chosen. */
  hint: string;
  value: (language: Locale) => ChosenTemplate | null;
  error: (language: Locale) => string;
  onChange: (language: Locale, value: ChosenTemplate | null) => void;
}

/** The templates that go by themselves where a text may not any more, one for each language (G7.2). */
export function StandIns({ channel, label, hint, value, error, onChange }: Props) {
  const t = useT();
  const words = useRoom("macros");
  const { data: templates = [] } = useQuery(templatesQuery(channel.id));
  if (!words) return null;
  return (
    <fieldset className="flex min-w-0 flex-col gap-4 border-t border-line pt-4">
      <legend className="float-left mb-1 text-sm font-semibold">{t("stand_ins.title")}</legend>
      <p className="clear-both text-xs text-muted">{hint}</p>
      <div className="grid gap-6 sm:grid-cols-2">
        {locales.map((language) => (
          <div key={language} className="flex min-w-0 flex-col gap-3">
            <TemplateChoice
              label={label(languageName(language))}
              error={error(language)}
              templates={templates.map((template) => ({ template, name: `${template.name} (${template.language})` }))}
              none={t("stand_ins.none")}
              value={value(language)}
              onChange={(chosen) => onChange(language, chosen)}
            />
          </div>
        ))}
      </div>
    </fieldset>
  );
}
