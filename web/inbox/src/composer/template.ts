import type { Template } from "../api/channels.ts";
import type { Contact } from "../api/types.ts";

/** {{1}} or {{name}}, as the server reads it. */
const variable = /\{\{\s*([a-z0-9_]+)\s*\}\}/g;

/** What a template leaves open, in the order it is read: header, text, buttons; named as the server wants them. */
export function variablesOf(template: Template): string[] {
  const header = template.variables.filter((name) => name.startsWith("header."));
  const text = template.variables.filter((name) => !name.startsWith("header."));
  const buttons = (template.buttons ?? []).flatMap((button, i) => (button.value?.match(variable) ? [`button.${i}`] : []));
  return [...header, ...text, ...buttons];
}

type Values = Readonly<Record<string, string | undefined>>;

/** Puts values into a template's text; a variable without a value stays. */
export const fillIn = (text: string, values: Values, prefix = ""): string => text.replace(variable, (found, name: string) => values[prefix + name]?.trim() || found);

/** The template as the customer will read it, and as the thread keeps it (C3.10); its header's file or place aside. */
export function preview(template: Pick<Template, "header" | "text" | "footer" | "buttons">, values: Values): string {
  const { header, footer, buttons = [] } = template;
  return [
    ...(header?.kind === "text" ? [fillIn(header.text ?? "", values, "header."), ""] : []),
    fillIn(template.text, values),
    ...(footer ? ["", footer] : []),
    ...(buttons.length ? ["", ...buttons.map(({ kind, label, value }, i) => `[${label || values[`button.${i}`] || value || kind}]`)] : []),
  ].join("\n");
}

/** Whose header is a file that goes along. */
export const headerFile = (template: Template): "image" | "video" | "document" | undefined => (["image", "video", "document"] as const).find((kind) => kind === template.header?.kind);

/** A place above the text, as it is typed. */
export const placeFields = ["header_place.lat", "header_place.lng", "header_place.name", "header_place.address"] as const;
export type PlaceField = (typeof placeFields)[number];

/** What a field of the place may hold: degrees within their bounds, words. */
export function isPlaced(field: PlaceField, typed: string): boolean {
  const bound = { "header_place.lat": 90, "header_place.lng": 180, "header_place.name": 0, "header_place.address": 0 }[field];
  return typed.trim() !== "" && (bound === 0 || Math.abs(Number(typed)) <= bound);
}

/** The place as the server takes it, null while something of it is missing or wrong. */
export function placeOf(values: Values) {
  const [lat = "", lng = "", name = "", address = ""] = placeFields.map((field) => values[field]?.trim());
  return placeFields.every((field) => isPlaced(field, values[field] ?? "")) ? { lat: Number(lat), lng: Number(lng), name, address } : null;
}

/** Those that can go out and match, by name or text. */
export function sendable(all: readonly Template[], query: string): Template[] {
  const words = query.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
  return all
    .filter((one) => one.sendable)
    .filter((one) => {
      const text = `${one.name} ${one.header?.text ?? ""} ${one.text}`.normalize("NFKC").toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => a.name.localeCompare(b.name) || a.language.localeCompare(b.language));
}

type Person = Pick<Contact, "name" | "email" | "phone" | "fields">;

const named: Readonly<Record<string, (who: Person) => string>> = {
  name: (who) => who.name,
  customer_name: (who) => who.name,
  contact_name: (who) => who.name,
  email: (who) => who.email,
  phone: (who) => who.phone,
};

/**
 * First values from what is known of the contact: by the variable's own name, or, for a number, where the words around it
 * address somebody.
 */
export function prefill(template: Template, who: Person): Record<string, string> {
  const from = (name: string, text: string) => {
    const known = named[name]?.(who) ?? who.fields?.[name];
    if (known !== undefined) return known;
    const addressed = new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}\\s*(?:様|さま|さん)|(?:\\b(?:hello|hi|dear)|こんにちは[、,]?)\\s*\\{\\{\\s*${name}\\s*\\}\\}`, "i").test(text);
    return addressed ? who.name : "";
  };
  const values = variablesOf(template).map((name): [string, string] => {
    if (name.startsWith("button.")) return [name, ""];
    return name.startsWith("header.") ? [name, from(name.slice("header.".length), template.header?.text ?? "")] : [name, from(name, template.text)];
  });
  return Object.fromEntries(values);
}
