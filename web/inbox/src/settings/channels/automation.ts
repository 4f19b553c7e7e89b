import type { Channel } from "../../api/types.ts";
import { countSegments } from "../../composer/segments.ts";
import { locales } from "../../i18n/catalogue.ts";
import { readClose, writeClose, type CloseValues } from "./auto-close.ts";

export type Automation = NonNullable<Channel["automation"]>;

/** What a channel says by itself as a form holds it: a text of "" is the server's own. */
export interface AutomationValues extends CloseValues {
  acknowledge: boolean;
  "automation.answer_minutes": string;
  "automation.ack_texts.ja": string;
  "automation.ack_texts.en": string;
  "automation.help_texts.ja": string;
  "automation.help_texts.en": string;
  tell_wait: boolean;
  confirm_opt_out: boolean;
  mail_minutes: string;
}

/** After how many minutes unread replies may go by e-mail, and whatever was chosen otherwise; 0 = never. */
export const mailOptions = (now: string): string[] => [...new Set(["0", "5", "15", "30", "60", "240", "1440", now])].sort((a, b) => Number(a) - Number(b));

/** As long as the server takes them. */
export const maxText = 1000;
export const maxMinutes = 20_160;

export function readAutomation(a: Automation): AutomationValues {
  return {
    acknowledge: a.acknowledge,
    "automation.answer_minutes": a.answer_minutes ? String(a.answer_minutes) : "",
    "automation.ack_texts.ja": a.ack_texts["ja"] ?? "",
    "automation.ack_texts.en": a.ack_texts["en"] ?? "",
    "automation.help_texts.ja": a.help_texts["ja"] ?? "",
    "automation.help_texts.en": a.help_texts["en"] ?? "",
    tell_wait: a.tell_wait ?? false,
    confirm_opt_out: a.confirm_opt_out,
    mail_minutes: String(a.mail_minutes ?? 0),
    ...readClose(a.auto_close),
  };
}

/** The minutes typed, 0 for none, null for what is no such number. */
export function minutesOf(text: string): number | null {
  const typed = text.normalize("NFKC").trim();
  if (typed === "") return 0;
  return /^\d{1,5}$/.test(typed) && Number(typed) <= maxMinutes ? Number(typed) : null;
}

/** The whole of it as the server takes it; minutes that are none stay as they were. */
export function writeAutomation(values: AutomationValues, now: Automation): Automation {
  const texts = (kind: "ack_texts" | "help_texts") =>
    Object.fromEntries(locales.map((locale) => [locale, values[`automation.${kind}.${locale}`].trim()]).filter(([, text]) => text !== ""));
  const { auto_close: closed, ...others } = now;
  const close = writeClose(values, closed);
  return {
    ...others,
    acknowledge: values.acknowledge,
    answer_minutes: minutesOf(values["automation.answer_minutes"]) ?? now.answer_minutes,
    ack_texts: texts("ack_texts"),
    help_texts: texts("help_texts"),
    tell_wait: values.tell_wait,
    confirm_opt_out: values.confirm_opt_out,
    ...(values.mail_minutes !== String(now.mail_minutes ?? 0) && { mail_minutes: Number(values.mail_minutes) }),
    ...(close && { auto_close: close }),
  };
}

/** A text as the first that somebody gets, and how many segments it takes. */
export function firstMessage(text: string, notice: string): { text: string; segments: number } {
  const whole = notice ? `${text}\n${notice}` : text;
  return { text: whole, segments: countSegments(whole).count };
}
