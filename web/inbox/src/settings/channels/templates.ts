import type { Template } from "../../api/types.ts";
import { preview } from "../../composer/template.ts";

export const headerKinds = ["text", "image", "video", "document", "location"] as const;
export type HeaderKind = (typeof headerKinds)[number];

/** What a sample of each kind may be (C3.6); kinds that are not here have none. */
export const sampleTypes: Partial<Record<HeaderKind, string>> = { image: "image/jpeg,image/png", video: "video/mp4,video/3gpp", document: "" };

/** How many buttons of each kind a template may have, and how long their values are (C3.4). */
export const buttonRules = {
  quick_reply: { most: 10, value: 0 },
  url: { most: 2, value: 2000 },
  phone: { most: 1, value: 20 },
  copy_code: { most: 1, value: 15 },
} as const;
export type ButtonKind = keyof typeof buttonRules;
export const buttonKinds = Object.keys(buttonRules) as ButtonKind[];
const mostButtons = 10;

export interface ButtonValues {
  kind: ButtonKind;
  label: string;
  /** The address, with {{1}} at its end; the number; the code. */
  value: string;
  /** What stands for the address's variable in the review. */
  sample: string;
}

/** The form of a new template. */
export interface TemplateValues {
  name: string;
  language: string;
  category: "marketing" | "utility" | "authentication";
  header: string;
  header_kind: HeaderKind;
  /** What the provider calls the sample of a header that is a file. */
  header_sample: string;
  body: string;
  footer: string;
  buttons: readonly ButtonValues[];
  /** By variable: "header.1" of the header, "1" of the text. */
  samples: Readonly<Record<string, string>>;
}

export const emptyTemplate: TemplateValues = { name: "", language: "ja", category: "utility", header: "", header_kind: "text", header_sample: "", body: "", footer: "", buttons: [], samples: {} };

/** What a text leaves open, in order: "1" of {{1}}. */
export const variablesOf = (text: string): string[] => [...new Set([...text.matchAll(/\{\{\s*([a-z0-9_]+)\s*\}\}/g)].map(([, name = ""]) => name))];

const headerText = ({ header, header_kind }: TemplateValues) => (header_kind === "text" ? header.trim() : "");

/** The variables of header and text that want a sample, as the server names them. */
export const sampled = (values: TemplateValues): string[] => [...variablesOf(headerText(values)).map((name) => `header.${name}`), ...variablesOf(values.body)];

/** Whether one more button of a kind may be added. */
export const mayAdd = (buttons: readonly ButtonValues[], kind: ButtonKind) => buttons.length < mostButtons && buttons.filter((one) => one.kind === kind).length < buttonRules[kind].most;

/** With one more button, empty; quick replies stay together, which WhatsApp wants. */
export function withButton(buttons: readonly ButtonValues[], kind: ButtonKind): ButtonValues[] {
  const last = buttons.findLastIndex((one) => one.kind === kind);
  const at = kind === "quick_reply" && last >= 0 ? last + 1 : buttons.length;
  return buttons.toSpliced(at, 0, { kind, label: "", value: "", sample: "" });
}

/** Whether nothing that a button needs is missing. */
export const isWhole = ({ kind, label, value, sample }: ButtonValues) =>
  (kind === "copy_code" || label.trim() !== "") && (kind === "quick_reply" || value.trim() !== "") && (kind !== "url" || variablesOf(value).length === 0 || sample.trim() !== "");

/** The form as the server takes it; samples of variables that are gone stay behind. */
export function templateBody(values: TemplateValues) {
  const { header_kind, buttons } = values;
  const header = headerText(values);
  const open = buttons.map(({ value }) => variablesOf(value).length > 0);
  return {
    name: values.name.trim(),
    language: values.language.trim(),
    category: values.category,
    ...(header ? { header: { kind: "text", text: header } } : {}),
    ...(header_kind !== "text" ? { header: { kind: header_kind } } : {}),
    text: values.body.trim(),
    footer: values.footer.trim(),
    buttons: buttons.map(({ kind, label, value }) => ({ kind, label: kind === "copy_code" ? "" : label.trim(), ...(kind === "quick_reply" ? {} : { value: value.trim() }) })),
    samples: {
      ...Object.fromEntries(sampled(values).map((name) => [name, (values.samples[name] ?? "").trim()])),
      ...Object.fromEntries(buttons.flatMap(({ sample }, i) => (open[i] ? [[`button.${i}`, sample.trim()]] : []))),
      ...(sampleTypes[header_kind] !== undefined ? { header: values.header_sample } : {}),
    },
  };
}

/** What customers would read with the samples put in, as a thread keeps it (C3.10). */
export function previewOf(values: TemplateValues): string {
  const body = templateBody(values);
  return preview(body, body.samples);
}

const keptBack = 30 * 24 * 3_600_000;

/** Until when a provider may refuse a name because a template of that name was deleted (C3.9), as far as we saw it; null if it was not. */
export function nameKeptUntil(all: readonly Pick<Template, "name" | "status" | "updated_at">[], name: string, now: number): number | null {
  const until = all.filter((one) => one.status === "deleted" && one.name === name.trim()).map(({ updated_at }) => Date.parse(updated_at) + keptBack);
  const last = Math.max(...until);
  return last > now ? last : null;
}
