import { useState, type ReactNode } from "react";
import type { Message, Priority, Status } from "../api/types.ts";
import { useLanguage, type Key } from "../i18n/index.tsx";
import { useNow } from "../i18n/now.ts";
import { Time } from "../i18n/time.tsx";

/** What a customer did on their provider's side. */
const customerCodes = ["customer_followed", "customer_blocked_us", "customer_unblocked_us", "customer_started", "customer_moved", "opted_out", "opted_in", "marketing_stopped", "marketing_resumed"];

/** What became of the question how the case was handled. */
const surveyCodes = ["survey_sent", "survey_rated", "survey_commented", "survey_interrupted", "survey_expired"];

/** Codes with a text of their own; "_by" is the form that names who did it. */
const known = new Set(["ticket_opened", "arrived", "assignee_offline", "assignee_unavailable", "routed", "assigned", "taken_over", "joined", "left", "unassigned", "transferred", "status", "resolved", "reopened", "snoozed", "woke", "priority", "tags", "identified", "contact_form", "offline_notice", "loop_guard", "flooding", "automation_silent", "opt_out_dismissed", "merged", "merged_into", "split_from", "sla_breached", "mail_sent", "mail_refused", "mail_stopped", ...customerCodes, ...surveyCodes]);
const named = new Set(["assigned", "unassigned", "transferred", "status", "resolved", "reopened", "snoozed", "woke", "priority", "tags", "opted_out", "opted_in", "opt_out_dismissed", "merged", "merged_into", "split_from"]);

/** Why an automation kept silent, as far as a text says so. */
const silentKeys = new Set(["recipient_opted_out", "opt_out_suspected", "recipient_unreachable", "window_closed", "machine_sender", "echo", "channel_closed"]);
/** What was not said, and why a case was closed, as far as a line of its own says so. */
const particular = new Set(["automation_silent.closing_notice", "automation_silent.trigger", "resolved.auto_closed"]);
const templateFault = /^(template|attachment|canned)_/;
const silence = (code = ""): Key => (silentKeys.has(code) ? (`silent.${code}` as Key) : templateFault.test(code) ? "silent.template" : "silent.other");

/** As many lines stand open; of more, all but the last are folded away. */
const shownLines = 2;

/** What happened between two messages: one quiet line each, a long row of them folded. */
export function SystemLines({ messages }: { messages: readonly Message[] }) {
  const { t } = useLanguage();
  const [open, setOpen] = useState(false);
  const folds = messages.length > shownLines;
  return (
    <>
      {folds && (
        <p className="text-center">
          <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} className="min-h-6 rounded px-2 text-xs text-muted underline hover:text-ink">
            {open ? t("system.fold") : t("system.more", { count: messages.length - 1 })}
          </button>
        </p>
      )}
      {(folds && !open ? messages.slice(-1) : messages).map((message) => (
        <SystemLine key={message.id} message={message} />
      ))}
    </>
  );
}

/** A quiet line: what happened, in the viewer's language. */
function SystemLine({ message }: { message: Message }) {
  const { t, rich, format } = useLanguage();
  const now = useNow();
  const code = message.system?.code ?? "";
  const params = message.system?.params ?? {};
  const name = (text: string | undefined) => <bdi className="font-medium">{text ?? ""}</bdi>;
  const values: Record<string, ReactNode> = {
    by: name(params["by"]),
    name: name(params["name"]),
    rule: name(params["rule"]),
    number: `#${params["number"] ?? ""}`,
    until: params["until"] ? format.moment(new Date(params["until"]), now) : "",
    said: params["said"] ? format.moment(new Date(params["said"]), now) : "",
    from: params["from"] ?? "",
    to: params["to"] ?? "",
    score: params["score"] ?? "",
    fields: params["fields"] ?? "",
    tags: tagChange(params["added"], params["removed"]),
  };
  if (code === "sla_breached") values["metric"] = t(`system.metric.${params["metric"]}` as Key);
  if (code === "automation_silent") values["reason"] = t(silence(params["reason"]));
  if (code === "status") Object.assign(values, { from: t(`status.${params["from"] as Status}`), to: t(`status.${params["to"] as Status}`) });
  if (code === "priority") Object.assign(values, { from: t(`priority.${params["from"] as Priority}`), to: t(`priority.${params["to"] as Priority}`) });
  const self = code === "assigned" && params["name"] === params["by"];
  const own = `${code}.${params["purpose"] ?? params["reason"]}`;
  const key = particular.has(own) ? `system.${own}` : !known.has(code) ? "system.unknown" : self ? "system.took_by" : named.has(code) && params["by"] ? `system.${code}_by` : `system.${code}`;
  return (
    <p className="flex flex-wrap items-baseline justify-center gap-x-2 px-6 py-1 text-center text-xs text-muted">
      <span>{rich(key as Key, { ...values, code })}</span>
      <Time at={message.at} form="time" className="text-2xs text-faint tabular-nums" />
    </p>
  );
}

/** "+a, −b" */
function tagChange(added = "", removed = ""): ReactNode {
  return (
    <bdi className="font-medium">
      {added && `＋${added}`}
      {added && removed && " "}
      {removed && `−${removed}`}
    </bdi>
  );
}
