import type { Setting } from "../api.ts";

/** One field's value in the form: a text, a switch, a list of sites, or a text per language. */
export type Value = string | boolean | readonly string[] | Readonly<Record<string, string>>;

/** The name under which the form keeps a setting; the channel's own name and team are beside them. */
export const fieldOf = (setting: Pick<Setting, "name">): `settings.${string}` => `settings.${setting.name}`;

function empty({ type, default: normal = "" }: Setting): Value {
  switch (type) {
    case "bool":
      return normal === "true";
    case "origins":
      return [];
    case "texts":
      return {};
    default:
      return normal;
  }
}

const isTexts = (value: unknown): value is Record<string, string> => typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every((text) => typeof text === "string");

/** The value of one setting as the form holds it; what does not fit the form is read as its default. */
export function readSetting(setting: Setting, kept: Readonly<Record<string, unknown>>): Value {
  const value = kept[setting.name];
  const normal = empty(setting);
  if (Array.isArray(normal)) return Array.isArray(value) ? value.map(String) : normal;
  if (typeof normal === "object") return isTexts(value) ? value : normal;
  if (typeof normal === "boolean") return typeof value === "boolean" ? value : normal;
  return typeof value === "string" && (value !== "" || setting.type === "text" || setting.type === "url") ? value : normal;
}

/** All settings as they are sent: what the form does not know stays as it was. */
export function writeSettings(form: readonly Setting[], values: Readonly<Record<string, unknown>>, kept: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const tidy = (value: unknown): unknown => {
    if (typeof value === "string") return value.trim();
    if (Array.isArray(value)) return value.map((one) => siteOf(String(one))).filter(Boolean);
    if (isTexts(value)) return Object.fromEntries(Object.entries(value).map(([locale, text]) => [locale, text.trim()]).filter(([, text]) => text));
    return value;
  };
  return { ...kept, ...Object.fromEntries(form.map((setting) => [setting.name, tidy(values[fieldOf(setting)])])) };
}

/** What is wrong with a value. */
export type Fault = "missing" | "too_long" | "url" | "color" | "origin" | "choice";

export function faultOf(setting: Setting, value: Value): Fault | null {
  const texts = typeof value === "string" ? [value] : isTexts(value) ? Object.values(value) : [];
  if (setting.required && (value === "" || (typeof value === "object" && Object.values(value).every((one) => !one)))) return "missing";
  if (setting.max_runes && texts.some((text) => length(text.trim()) > (setting.max_runes ?? 0))) return "too_long";
  if (setting.type === "url" && typeof value === "string" && value.trim() && !isAddress(value.trim())) return "url";
  if (setting.type === "color" && typeof value === "string" && !/^#[0-9a-f]{6}$/i.test(value.trim())) return "color";
  if (setting.type === "choice" && setting.options && !setting.options.includes(String(value))) return "choice";
  if (setting.type === "origins" && Array.isArray(value) && value.some((one) => one.trim() && !siteOf(one))) return "origin";
  return null;
}

/** Characters as the server counts them. */
export const length = (text: string) => [...text].length;

function isAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.hostname !== "";
}

/**
 * The site of what somebody typed or pasted, as the allow-list keeps it: "https://www.example.com", also with "*." for
 * all sites below. "www.example.com/contact" is taken as https; "" if it is no site.
 */
export function siteOf(typed: string): string {
  const text = typed.normalize("NFKC").trim();
  const [, scheme, wild = "", rest = ""] = /^(?:(https?):\/\/)?(\*\.)?(.+)$/i.exec(text) ?? [];
  const local = /^(localhost|127\.0\.0\.1|\[::1\])(?=[:/]|$)/i.test(rest);
  const url = URL.parse(`${scheme?.toLowerCase() ?? (local ? "http" : "https")}://${rest}`);
  if (!url || url.username || url.password || !/^[a-z0-9.[\]:-]+$/i.test(url.hostname)) return "";
  if (!url.hostname.includes(".") && !local) return "";
  return `${url.protocol}//${wild}${url.host}`;
}
