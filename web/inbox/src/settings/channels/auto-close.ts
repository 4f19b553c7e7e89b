import { locales } from "../../i18n/catalogue.ts";
import type { Automation } from "./automation.ts";
import type { ChosenTemplate } from "./stand-ins.tsx";

type AutoClose = NonNullable<Automation["auto_close"]>;

/** When a channel closes cases by itself, as a form holds it: hours as they are typed, "" is never. */
export interface CloseValues {
  "automation.auto_close.agent_minutes": string;
  "automation.auto_close.bot_minutes": string;
  notice: boolean;
  "automation.auto_close.notice_minutes": string;
  "automation.auto_close.notice_texts.ja": string;
  "automation.auto_close.notice_texts.en": string;
  "automation.auto_close.notice_templates.ja": ChosenTemplate | null;
  "automation.auto_close.notice_templates.en": ChosenTemplate | null;
}

const times = ["agent_minutes", "bot_minutes", "notice_minutes"] as const;

/** As long as the server lets a case rest: a year. */
export const maxHours = 365 * 24;

/** What is typed first when a notice is turned on. */
const firstNotice = "24";

export function readClose(close: AutoClose = {}): CloseValues {
  return {
    "automation.auto_close.agent_minutes": hours(close.agent_minutes),
    "automation.auto_close.bot_minutes": hours(close.bot_minutes),
    notice: Boolean(close.notice_minutes),
    "automation.auto_close.notice_minutes": hours(close.notice_minutes) || firstNotice,
    "automation.auto_close.notice_texts.ja": close.notice_texts?.["ja"] ?? "",
    "automation.auto_close.notice_texts.en": close.notice_texts?.["en"] ?? "",
    "automation.auto_close.notice_templates.ja": close.notice_templates?.["ja"] ?? null,
    "automation.auto_close.notice_templates.en": close.notice_templates?.["en"] ?? null,
  };
}

const hours = (minutes = 0) => (minutes ? String(Number((minutes / 60).toFixed(2))) : "");

/** The minutes of hours as typed, of any width and with two decimals; 0 for none, null for what are no such hours. */
export function minutesOfHours(text: string): number | null {
  const typed = text.normalize("NFKC").trim();
  if (typed === "") return 0;
  return /^\d{1,4}(\.\d{1,2})?$/.test(typed) && Number(typed) <= maxHours ? Math.round(Number(typed) * 60) : null;
}

/** What is wrong with a field of it: no such hours, or a notice that would come before the case rests; "" if nothing. */
export function closeFault(values: CloseValues, field: (typeof times)[number]): "hours" | "late" | "" {
  const of = (name: (typeof times)[number]) => minutesOfHours(values[`automation.auto_close.${name}`]);
  const minutes = of(field);
  if (field !== "notice_minutes") return minutes === null ? "hours" : "";
  const after = [of("agent_minutes"), of("bot_minutes")].flatMap((rest) => rest || []);
  if (!values.notice || after.length === 0) return "";
  if (!minutes) return "hours";
  return minutes < Math.min(...after) ? "" : "late";
}

/** Whether it closes any case. */
export const closes = (values: CloseValues) => Boolean(values["automation.auto_close.agent_minutes"].trim() || values["automation.auto_close.bot_minutes"].trim());

/** What the server takes, undefined where nothing is said. What was not typed anew stays to the minute. */
export function writeClose(values: CloseValues, now: AutoClose = {}): AutoClose | undefined {
  const close: AutoClose = {};
  for (const name of times) {
    const typed = values[`automation.auto_close.${name}`];
    const minutes = typed === hours(now[name]) ? now[name] : (minutesOfHours(typed) ?? now[name]);
    if (minutes && (name !== "notice_minutes" || values.notice)) close[name] = minutes;
  }
  const texts = locales.map((locale) => [locale, values[`automation.auto_close.notice_texts.${locale}`].trim()]).filter(([, text]) => text);
  if (texts.length > 0) close.notice_texts = Object.fromEntries(texts);
  const templates = locales.flatMap((locale) => {
    const chosen = values[`automation.auto_close.notice_templates.${locale}`];
    return chosen ? [[locale, chosen] as const] : [];
  });
  if (templates.length > 0) close.notice_templates = Object.fromEntries(templates);
  return Object.keys(close).length > 0 ? close : undefined;
}
