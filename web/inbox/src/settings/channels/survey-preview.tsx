import type { components } from "@madoguchi/api";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { post } from "../../api/request.ts";
import type { Id } from "../../api/types.ts";
import { locales } from "../../i18n/catalogue.ts";
import { useT } from "../../i18n/index.tsx";
import { languageName } from "../languages.ts";
import { useRested } from "../use-rested.ts";
import type { SurveyDesign } from "./survey.ts";

type Shown = components["schemas"]["ShownSurvey"];
type Part = components["schemas"]["Part"];

/** A survey as customers of the channel would see it, in each language. */
export function SurveyPreview({ channel, design }: { channel: Id; design: SurveyDesign }) {
  const t = useT();
  const asked = useRested(JSON.stringify(design));
  const { data } = useQuery({
    queryKey: ["survey-preview", channel, asked],
    queryFn: () => post<{ languages: Record<string, Shown> }>(`/channels/${channel}/survey-preview`, { design: JSON.parse(asked) as SurveyDesign }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {locales.map((locale) => {
        const shown = data?.languages[locale];
        return (
          <figure key={locale} className="flex min-w-0 flex-col gap-2 rounded-md border border-line p-3">
            <figcaption className="text-xs text-muted">{t("survey.preview", { language: languageName(locale) })}</figcaption>
            {shown?.question.map((part, i) => <Bubble key={i} part={part} locale={locale} />)}
            <p className="self-end rounded-lg bg-hover px-3 py-1.5 text-sm">4</p>
            {shown?.thanks.map((part, i) => <Bubble key={i} part={part} locale={locale} />)}
            {shown?.template && <p className="text-xs text-muted">{t("survey.by_template", { name: shown.template.name })}</p>}
          </figure>
        );
      })}
    </div>
  );
}

function Bubble({ part, locale }: { part: Part; locale: string }) {
  return (
    <div lang={locale} className="flex min-w-0 flex-col gap-1.5 self-start">
      <p className="rounded-lg bg-accent-soft px-3 py-2 text-sm break-words whitespace-pre-line">{part.text}</p>
      {part.choices && (
        <ul className="flex flex-wrap gap-1.5">
          {part.choices.map(({ id, label }) => (
            <li key={id} className="rounded-full border border-strong-line px-2.5 py-0.5 text-xs">
              {label}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
