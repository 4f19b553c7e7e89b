import type { Formats } from "@madoguchi/kit";
import type { Channel, Id, Member, Team } from "../../api/types.ts";
import type { T } from "../../i18n/index.tsx";
import { said } from "./words.ts";

/** What values are put into words with. */
export interface Words {
  t: T;
  format: Formats;
  members: readonly Pick<Member, "user_id" | "name">[];
  teams: readonly Pick<Team, "id" | "name">[];
  channels: readonly Pick<Channel, "id" | "name">[];
}

const instants = /_at$/;
const longest = 300;

/** A value as people read it; "" stays "". */
export function valueText({ t, format, members, teams, channels }: Words, field: string, value: string): string {
  if (value === "") return "";
  const person = (id: string) => members.find(({ user_id }) => user_id === Number(id))?.name ?? `#${id}`;
  const team = (id: Id) => teams.find((one) => one.id === id)?.name ?? `#${id}`;
  if (value === "true" || value === "false") return t(value === "true" ? "audit.value.yes" : "audit.value.no");
  if (instants.test(field) && !Number.isNaN(Date.parse(value))) return format.exact(new Date(value));
  if (field === "assignee_id" || field === "created_by") return value === "0" ? "" : person(value);
  if (field === "member_ids") return format.list(value.split(",").map(person));
  if (field === "channel_ids") return format.list(value.split(",").map((id) => channels.find((one) => one.id === Number(id))?.name ?? `#${id}`));
  if (field === "team_id") return value === "0" ? "" : team(Number(value));
  if (field === "locale") return format.language(value);
  if (field === "role" || field === "base") return said(t, `role.${value}`) || value;
  if (field === "availability" || field === "means") return said(t, `availability.${value}`) || value;
  if (field === "status") return said(t, `status.${value}`) || value;
  if (field === "reason") return said(t, `customer.block_reason.${value}`) || value;
  if (field === "permissions" || field.startsWith("grants")) return format.list(value.split(", ").map((one) => said(t, `permission.${one}`) || one));
  if (["scope", "state", "kind", "subject", "audience", "fault"].includes(field)) return said(t, `audit.value.${field}.${value}`) || value;
  const text = readable(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** JSON without its quotes and braces where it is simple. */
function readable(value: string): string {
  if (!/^["[{]/.test(value)) return value;
  try {
    return plain(JSON.parse(value));
  } catch {
    return value; // it was cut off when it was noted
  }
}

function plain(value: unknown): string {
  if (Array.isArray(value)) return value.map(plain).filter(Boolean).join(", ");
  if (value && typeof value === "object") return Object.entries(value).flatMap(([name, one]) => (plain(one) ? [`${name}: ${plain(one)}`] : [])).join(" · ");
  return value === null || value === undefined ? "" : String(value);
}
