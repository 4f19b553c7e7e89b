import type { components } from "@madoguchi/api";
import { locales } from "../../i18n/catalogue.ts";
import type { Automation } from "./automation.ts";
import type { ChosenTemplate } from "./stand-ins.tsx";

export type SurveyDesign = components["schemas"]["SurveyDesign"];
type Language = (typeof locales)[number];

export const scale = [0, 1, 2, 3, 4] as const;
const texts = ["question", "thanks", "comment"] as const;
const place = "automation.survey_design" as const;

type TextField = `${typeof place}.texts.${Language}.${(typeof texts)[number]}`;
type LabelField = `${typeof place}.texts.${Language}.labels.${(typeof scale)[number]}`;
type TemplateField = `${typeof place}.templates.${Language}`;

/** How a channel asks for ratings as a form holds it: a text of "" is the server's own. Fields are named as refusals name them. */
export type SurveyValues = { survey: boolean; comment: boolean } & Record<TextField | LabelField, string> & Record<TemplateField, ChosenTemplate | null>;

export const textField = (language: Language, text: (typeof texts)[number]): TextField => `${place}.texts.${language}.${text}`;
export const labelField = (language: Language, at: (typeof scale)[number]): LabelField => `${place}.texts.${language}.labels.${at}`;
export const templateField = (language: Language): TemplateField => `${place}.templates.${language}`;

export function readSurvey({ survey, survey_design: design = {} }: Automation): SurveyValues {
  const values = { survey, comment: !design.no_comment } as SurveyValues;
  for (const language of locales) {
    const own = design.texts?.[language] ?? {};
    for (const text of texts) values[textField(language, text)] = own[text] ?? "";
    for (const at of scale) values[labelField(language, at)] = own.labels?.[at] ?? "";
    values[templateField(language)] = design.templates?.[language] ?? null;
  }
  return values;
}

/** What the form designs; what is blank is left out. */
export function writeSurvey(values: SurveyValues): SurveyDesign {
  const design: SurveyDesign = { texts: {}, templates: {}, ...(!values.comment && { no_comment: true }) };
  for (const language of locales) {
    const own = Object.fromEntries(texts.map((text) => [text, values[textField(language, text)].trim()]).filter(([, text]) => text !== ""));
    const labels = scale.map((at) => values[labelField(language, at)].trim());
    const whole = { ...own, ...(labels.some(Boolean) && { labels }) };
    if (Object.keys(whole).length > 0) design.texts = { ...design.texts, [language]: whole };
    const template = values[templateField(language)];
    if (template) design.templates = { ...design.templates, [language]: template };
  }
  return design;
}

/** Whether a label is missing while others of its scale are there. */
export const incomplete = (values: SurveyValues, language: Language, at: (typeof scale)[number]): boolean =>
  values[labelField(language, at)].trim() === "" && scale.some((other) => values[labelField(language, other)].trim() !== "");
