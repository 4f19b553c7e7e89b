import { dayStart } from "../../i18n/days.ts";

/** What the audit log shows: the address's query. */
export interface AuditSearch {
  /** "user.12", "api_key.3", "api_key", "system" or "customer". */
  who?: string;
  /** An action, as "member.changed". */
  did?: string;
  /** A kind of thing, or one of them: "channel", "channel.7". */
  on?: string;
  /** First and last day, "2026-11-21", in the viewer's zone. */
  from?: string;
  to?: string;
}

const shapes: Record<keyof AuditSearch, RegExp> = {
  who: /^(user|api_key|customer|system)(\.\d{1,16})?$/,
  did: /^[a-z_]{1,30}\.[a-z_]{1,29}$/,
  on: /^[a-z_]{1,30}(\.\d{1,16})?$/,
  from: /^\d{4}-\d\d-\d\d$/,
  to: /^\d{4}-\d\d-\d\d$/,
};

/** Reads the query from the address; what makes no sense counts for nothing. */
export function auditSearch(search: Record<string, unknown>): AuditSearch {
  const found = Object.entries(shapes).flatMap(([name, shape]) => {
    const value = search[name];
    return typeof value === "string" && shape.test(value) ? [[name, value]] : [];
  });
  return Object.fromEntries(found) as AuditSearch;
}

/** The same as the API asks for it. */
export function asked({ who = "", did, on = "", from, to }: AuditSearch, zone: string): Record<string, string | undefined> {
  const [actorKind, actorId] = who.split(".");
  const [objectKind, objectId] = on.split(".");
  return {
    actor_kind: actorKind || undefined,
    actor_id: actorId,
    action: did,
    object_kind: objectKind || undefined,
    object_id: objectId,
    since: from ? dayStart(from, zone) : undefined,
    until: to ? dayStart(to, zone, 1) : undefined,
  };
}
