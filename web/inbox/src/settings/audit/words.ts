import type { Key, T } from "../../i18n/index.tsx";
import { labelOf } from "../channels/setting-field.tsx";
import type { AuditAction, AuditEntry, ObjectKind } from "./api.ts";

/** The actions by what they are about, in the order of the filter. */
const grouped = {
  session: ["session.started", "session.entered", "session.ended", "session.failed", "session.revoked", "password.changed", "password.reset"],
  people: ["member.created", "member.changed", "member.deleted", "member.availability_set", "role.created", "role.changed", "role.deleted", "invite.created", "invite.changed", "invite.accepted", "invite.deleted", "user.created", "user.changed", "user.deleted", "team.created", "team.changed", "team.deleted", "availability.created", "availability.changed", "availability.deleted"],
  work: ["ticket.assigned", "ticket.taken_over", "ticket.joined", "conversation.monitored", "ticket.resolved", "ticket.reopened", "ticket.merged", "ticket.split", "ticket.deleted", "message.deleted", "conversation.deleted", "contact.deleted", "identity.blocked", "identity.unblocked", "identity.opted_out", "identity.opted_in", "identity.opt_out_dismissed"],
  files: ["export.requested", "export.ended", "export.downloaded", "audit.exported", "audit.verified"],
  desk: [
    "workspace.created", "workspace.changed", "brand.created", "brand.changed", "brand.deleted", "channel.created", "channel.changed", "channel.disabled", "channel.enabled", "channel.deleted", "schedule.created", "schedule.changed", "schedule.deleted", "sla_policy.created", "sla_policy.changed", "sla_policy.deleted", "wait_alert.created", "wait_alert.changed",
    "tag.created", "tag.changed", "tag.deleted", "field.created", "field.changed", "field.deleted", "canned_reply.created", "canned_reply.changed", "canned_reply.deleted", "saved_view.created", "saved_view.changed", "saved_view.deleted",
    "macro.created", "macro.changed", "macro.deleted", "trigger.created", "trigger.changed", "trigger.deleted",
    "template.created", "template.changed", "template.deleted", "routing_rule.created", "routing_rule.changed", "routing_rule.deleted",
    "api_key.created", "api_key.changed", "api_key.revoked", "key.rotated", "demo.loaded", "demo.removed",
  ],
} as const satisfies Record<string, readonly AuditAction[]>;

/** Every action that may stand in the log. */
export const auditActions = Object.values(grouped).flat() as AuditAction[];

/** Every kind of thing that something is done to. */
export const objectKinds = ["member", "role", "user", "invite", "team", "availability", "ticket", "conversation", "message", "contact", "channel", "workspace", "brand", "schedule", "sla_policy", "wait_alert", "tag", "field", "canned_reply", "saved_view", "macro", "trigger", "template", "routing_rule", "api_key", "key", "export", "audit"] as const satisfies readonly ObjectKind[];

// The compiler names what is missing above.
type Listed = (typeof grouped)[keyof typeof grouped][number];
const complete: [Exclude<AuditAction, Listed>, Exclude<ObjectKind, (typeof objectKinds)[number]>] extends [never, never] ? true : never = true;
void complete;

/** A text, "" where this page knows none: a newer server may write what an older page has no words for. */
export function said(t: T, key: string): string {
  const text = t(key as Key);
  return text === key ? "" : text;
}

/** What was done, in a few words. */
export const actionText = (t: T, action: string) => said(t, `audit.action.${action}`) || action;

/** What kind of thing it was done to. */
export const objectText = (t: T, kind: string) => said(t, `audit.object.${kind}`) || kind;

/** Whoever did it. A sign-in that failed was tried by somebody who need not be that member. */
export function actorText(t: T, { actor, action }: Pick<AuditEntry, "actor" | "action">): string {
  if (action === "session.failed") return t("audit.actor.stranger");
  if (actor.kind === "system") return t("audit.actor.system");
  if (actor.kind === "customer") return t("audit.actor.customer");
  const name = actor.name || `#${actor.id}`;
  if (actor.kind === "api_key") return t("audit.actor.api_key", { name });
  return actor.name || t("audit.actor.gone", { id: actor.id ?? "" });
}

/** The name of a field; `kind` is the channel's, whose settings have words of their own. */
export function fieldText(t: T, field: string, kind: string): string {
  const [first, ...more] = field.split(".");
  const rest = more.join(".");
  if (first === "settings" && rest) return labelOf(t, kind, rest);
  if (first === "grants" && rest) return t("audit.role_grants", { role: said(t, `role.${rest}`) || rest });
  return said(t, `audit.field.${field}`) || field;
}
