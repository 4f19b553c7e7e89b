import type { components } from "@madoguchi/api";
import type { Field } from "../../api/types.ts";

type Schemas = components["schemas"];
export type Conditions = Schemas["Conditions"];
export type Condition = Schemas["Condition"];
export type ConditionGroup = Schemas["ConditionGroup"];
export type Fact = Condition["fact"];
export type Operator = Condition["op"];
export type Join = "all" | "any";

/** How a fact is compared; the server's table decides (desk.FactKind). */
export type FactKind = "one" | "word" | "some" | "text" | "number" | "minutes" | "date" | "clock" | "hours";

const kinds: Record<Exclude<Fact, "contact_field" | "ticket_field">, FactKind> = {
  message: "text", channel: "one", channel_kind: "word", entry_page: "text", referral: "text", language: "word", hours: "hours", day: "word", time: "clock",
  contact_is: "word", contact_name: "text", contact_email: "text", contact_phone: "text", earlier_tag: "some", tag: "some", status: "word", priority: "word",
  team: "one", assignee: "one", last_author: "word", waiting: "minutes",
};

const fieldKinds: Record<Field["kind"], FactKind> = { text: "text", link: "text", number: "number", date: "date", choice: "word", checkbox: "word", choices: "some" };

/** What routing rules ask about, in the order of the list. */
export const routingFacts: readonly Fact[] = [
  "message", "channel", "channel_kind", "entry_page", "referral", "language", "hours", "day", "time", "contact_is", "contact_name", "contact_email", "contact_phone",
  "earlier_tag", "contact_field",
];

/** What triggers ask about: a ticket at any time. */
export const allFacts: readonly Fact[] = [...routingFacts, "tag", "status", "priority", "team", "assignee", "last_author", "waiting", "ticket_field"];

/** Facts that are always there: nobody asks whether they are set. */
const certain: ReadonlySet<Fact> = new Set(["channel", "channel_kind", "contact_is", "status", "priority", "day", "last_author"]);

const operators: Record<FactKind, readonly Operator[]> = {
  one: ["is", "is_not", "set", "unset"], word: ["is", "is_not", "set", "unset"], some: ["has_any", "has_all", "has_none", "set", "unset"],
  text: ["contains", "contains_not", "is", "is_not", "starts_with", "set", "unset"], number: ["is", "is_not", "more", "less", "set", "unset"],
  date: ["is", "is_not", "more", "less", "set", "unset"], minutes: ["more", "less"], clock: ["between"], hours: ["is", "is_not"],
};

/** The definition that a condition about a custom field asks for. */
export const fieldOf = ({ fact, key }: Pick<Condition, "fact" | "key">, fields: readonly Field[]) =>
  fields.find((field) => field.key === key && field.subject === (fact === "ticket_field" ? "ticket" : "contact"));

/** How a condition's fact is compared; a custom field that is gone reads as text. */
export function kindOf(condition: Pick<Condition, "fact" | "key">, fields: readonly Field[]): FactKind {
  const { fact } = condition;
  if (fact === "contact_field" || fact === "ticket_field") return fieldKinds[fieldOf(condition, fields)?.kind ?? "text"];
  return kinds[fact];
}

/** What a condition's fact can be compared by. */
export const operatorsOf = (condition: Pick<Condition, "fact" | "key">, fields: readonly Field[]): readonly Operator[] =>
  operators[kindOf(condition, fields)].filter((op) => !(certain.has(condition.fact) && (op === "set" || op === "unset")));

/** How many values an operator takes, at least and at most. */
export function wanted(op: Operator): readonly [number, number] {
  if (op === "set" || op === "unset") return [0, 0];
  if (op === "between") return [2, 2];
  return [1, op === "more" || op === "less" ? 1 : 50];
}

/** A condition about a fact, with the first comparison and no value yet. */
export function begin(fact: Fact, key: string, fields: readonly Field[]): Condition {
  const about = key ? { fact, key } : { fact };
  return { ...about, op: operatorsOf(about, fields)[0] ?? "is", values: kindOf(about, fields) === "clock" ? ["09:00", "18:00"] : [] };
}

/** Whether nothing is missing. */
export function complete({ op, values = [] }: Condition): boolean {
  const [least, most] = wanted(op);
  return values.length >= least && values.length <= most && values.every((value) => value !== "");
}

/** Whether no condition lacks a value. */
export const allComplete = ({ groups = [] }: Conditions): boolean => groups.every(({ conditions }) => conditions.every(complete));

/** The conditions as they are kept: joins only where there is something to join, no empty groups. */
export function tidy({ join, groups = [] }: Conditions): Conditions {
  const kept = groups.filter(({ conditions }) => conditions.length > 0).map((group): ConditionGroup => (group.conditions.length > 1 ? { join: group.join ?? "all", conditions: group.conditions } : { conditions: group.conditions }));
  if (kept.length === 0) return {};
  return kept.length > 1 ? { join: join ?? "all", groups: kept } : { groups: kept };
}
