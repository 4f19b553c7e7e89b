export const headerKinds = ["text", "image", "video", "document"] as const;
export type HeaderKind = (typeof headerKinds)[number];

/** What a sample of each kind may be (C3.6); kinds that are not here have none. */
export const sampleTypes: Partial<Record<HeaderKind, string>> = { image: "image/jpeg,image/png", video: "video/mp4,video/3gpp", document: "" };

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
  /** A label on each line. */
  buttons: string;
  samples: Readonly<Record<string, string>>;
}

export const emptyTemplate: TemplateValues = { name: "", language: "ja", category: "utility", header: "", header_kind: "text", header_sample: "", body: "", footer: "", buttons: "", samples: {} };

/** What a text leaves open, in order: "1" of {{1}}. */
export const variablesOf = (text: string): string[] => [...new Set([...text.matchAll(/\{\{\s*([a-z0-9_]+)\s*\}\}/g)].map(([, name = ""]) => name))];

/** The form as the server takes it; samples of variables that are gone stay behind. */
export function templateBody(values: TemplateValues) {
  const header = values.header_kind === "text" ? values.header.trim() : "";
  const filed = sampleTypes[values.header_kind] !== undefined;
  const labels = values.buttons.split("\n").map((label) => label.trim()).filter(Boolean);
  const used = variablesOf(`${header}\n${values.body}`);
  return {
    name: values.name.trim(),
    language: values.language.trim(),
    category: values.category,
    ...(header ? { header: { kind: "text", text: header } } : {}),
    ...(values.header_kind !== "text" ? { header: { kind: values.header_kind } } : {}),
    text: values.body.trim(),
    footer: values.footer.trim(),
    buttons: labels.map((label) => ({ kind: "quick_reply", label })),
    samples: {
      ...Object.fromEntries(used.map((name) => [name, (values.samples[name] ?? "").trim()])),
      ...(filed ? { header: values.header_sample } : {}),
    },
  };
}
