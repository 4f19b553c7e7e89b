import type { Notification } from "../api/channels.ts";
import type { Formats } from "@madoguchi/kit";
import type { Key, T } from "../i18n/index.tsx";

/** A notification in words: what happened, and the one thing to do. */
export interface Told {
  what: string;
  todo: string;
}

/** What somebody does about a conversation. */
const deeds = { assigned: true, mentioned: true, whispered: true, taken_over: true, scheduled_canceled: true };

const results = ["approved", "rejected", "paused", "disabled"];

const mostName = 24;

/** A name as a sentence bears it: what is said about somebody stays in sight, however long they are called. */
export const shortName = (name: string): string => {
  const signs = [...name];
  return signs.length > mostName ? `${signs.slice(0, mostName - 1).join("").trimEnd()}…` : name;
};

/** Says a notification; one of a kind that this version does not know says its code. `nameOf` knows the members. */
export function told(t: T, format: Pick<Formats, "moment">, one: Notification, now: Date, nameOf: (user: string) => string = () => ""): Told {
  const { params, code } = one;
  const text = (key: string, more: Record<string, string> = {}) => {
    const found = t(key as Key, { channel: one.channel_name, contact: shortName(one.contact_name ?? "") || t("people.visitor"), ...params, ...more });
    return found === key ? "" : found;
  };
  if (code === "template_category") {
    const category = (name = "") => text(`templates.category.${name}`) || name;
    return { what: text("notifications.template.category", { from: category(params["from"]), to: category(params["to"]) }), todo: text("notifications.template.category.do") };
  }
  if (code === "template_status") {
    const status = results.includes(params["status"] ?? "") ? params["status"] : "other";
    const reason = params["reason"] ? text(`templates.status.reason.${params["reason"].toLowerCase()}`) || params["reason"] : "";
    return { what: [text(`notifications.template.${status}`), reason].filter(Boolean).join(" "), todo: text("notifications.template.do") };
  }
  if (params["metric"]) return { what: text(`notifications.${code}.${params["metric"]}`), todo: "" };
  if (one.conversation_id && code in deeds) {
    const by = nameOf(params["by"] ?? "");
    return { what: text(by ? `notifications.${code}.by` : `notifications.${code}`, { by }), todo: "" };
  }
  if (code === "scheduled_failed") return { what: text(`notifications.${code}.${params["reason"] ?? ""}`) || text(`notifications.${code}`), todo: text(`notifications.${code}.do`) };
  const until = params["until"] ? text(`notifications.${code}.until`, { until: format.moment(new Date(params["until"]), now) }) : "";
  return { what: until || text(`notifications.${code}`) || `${one.contact_name || one.channel_name}: ${code}`, todo: text(`notifications.${code}.do`) };
}

/** Kinds by the codes of what happens in conversations. */
const kinds: Readonly<Record<string, string>> = { assigned: "assigned", mentioned: "mentioned", reminder: "reminder", sla_warning: "sla", sla_breached: "sla", wait_alert: "wait", all_declined: "wait" };

/** The kind of a notification, which members may switch off. */
export const kindOf = ({ code, conversation_id }: Notification): string => kinds[code] ?? (conversation_id ? "other" : "channel");

/** How many of what is told is news to who has read up to an id: what is settled by now is none. */
export const news = (all: readonly Notification[], seen: number): number => all.filter((one) => fresh(one, seen)).length;

/** Whether something told is still worth a sign. */
export const fresh = (one: Notification, seen: number): boolean => one.id > seen && (one.stands || happened(one));

/** Whether something told says that a customer waits for somebody to take their case: it is over once somebody has. */
export const awaits = ({ code }: Notification): boolean => code === "wait_alert" || code === "all_declined";

/** Whether something told stands in its conversation, too, with what can be done about it. */
export const staysThere = ({ code }: Notification): boolean => code === "scheduled_failed" || code === "scheduled_canceled";

/** Whether something told is no state that could be over, but happened. */
export const happened = (one: Notification): boolean => (one.conversation_id !== 0 && !awaits(one)) || one.code.startsWith("template_") || one.code === "loop_guard" || one.code === "flooding";
