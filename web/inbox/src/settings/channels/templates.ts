/** The form of a new template. */
export interface TemplateValues {
  name: string;
  language: string;
  category: "marketing" | "utility" | "authentication";
  header: string;
  body: string;
  footer: string;
  /** A label on each line. */
  buttons: string;
  samples: Readonly<Record<string, string>>;
}

export const emptyTemplate: TemplateValues = { name: "", language: "ja", category: "utility", header: "", body: "", footer: "", buttons: "", samples: {} };

/** What a text leaves open, in order: "1" of {{1}}. */
export const variablesOf = (text: string): string[] => [...new Set([...text.matchAll(/\{\{\s*([a-z0-9_]+)\s*\}\}/g)].map(([, name = ""]) => name))];

/** The form as the server takes it; samples of variables that are gone stay behind. */
export function templateBody(values: TemplateValues) {
  const header = values.header.trim();
  const labels = values.buttons.split("\n").map((label) => label.trim()).filter(Boolean);
  const used = variablesOf(`${header}\n${values.body}`);
  return {
    name: values.name.trim(),
    language: values.language.trim(),
    category: values.category,
    ...(header ? { header: { kind: "text", text: header } } : {}),
    text: values.body.trim(),
    footer: values.footer.trim(),
    buttons: labels.map((label) => ({ kind: "quick_reply", label })),
    samples: Object.fromEntries(used.map((name) => [name, (values.samples[name] ?? "").trim()])),
  };
}
