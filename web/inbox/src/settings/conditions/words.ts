import type { T } from "../../i18n/index.tsx";
import type { Locale } from "../../api/types.ts";
import { labelIn } from "../../customer/custom-field.tsx";
import { nameIn, type Choices } from "./choices.ts";
import { fieldOf, kindOf, type Condition, type Conditions, type FactKind, type Operator } from "./facts.ts";

/** What a condition asks about, in words. */
export function factText(t: T, locale: Locale, condition: Pick<Condition, "fact" | "key">, choices: Choices): string {
  if (condition.fact !== "contact_field" && condition.fact !== "ticket_field") return t(`conditions.fact.${condition.fact}`);
  const field = fieldOf(condition, choices.fields);
  return field ? labelIn(field.label, locale) : t("conditions.field_gone", { key: condition.key ?? "" });
}

/** How it compares, in words; dates are before and after, hours are open and closed. */
export function operatorText(t: T, kind: FactKind, op: Operator): string {
  if (kind === "hours") return t(op === "is" ? "conditions.op.open" : "conditions.op.closed");
  if (kind === "date" && op === "more") return t("conditions.op.after");
  if (kind === "date" && op === "less") return t("conditions.op.before");
  return t(`conditions.op.${op}`);
}

/** One condition as a sentence. */
export function conditionText(t: T, locale: Locale, condition: Condition, choices: Choices): string {
  const kind = kindOf(condition, choices.fields);
  const offered = choices.of(condition);
  const list = new Intl.ListFormat(locale, { type: condition.op === "has_all" ? "conjunction" : "disjunction" });
  const named = (condition.values ?? []).map((value) => t("conditions.quoted", { value: offered.length > 0 ? nameIn(offered, value) : kind === "minutes" ? t("conditions.minutes", { value }) : value }));
  const values = condition.op === "between" ? (condition.values ?? []).join("–") : list.format(named);
  const key = condition.op === "set" || condition.op === "unset" ? "conditions.sentence_bare" : "conditions.sentence";
  return t(key, { fact: factText(t, locale, condition, choices), op: operatorText(t, kind, condition.op), values: values || "…" });
}

/** All conditions as one sentence: what a rule is about at a glance. */
export function conditionsText(t: T, locale: Locale, { join, groups = [] }: Conditions, choices: Choices): string {
  const said = groups.filter(({ conditions }) => conditions.length > 0);
  if (said.length === 0) return t("conditions.always");
  const texts = said.map((group) => {
    const text = group.conditions.map((one) => conditionText(t, locale, one, choices)).join(t(`conditions.join_word.${group.join ?? "all"}`));
    return said.length > 1 && group.conditions.length > 1 ? t("conditions.bracketed", { text }) : text;
  });
  return texts.join(t(`conditions.join_word.${join ?? "all"}`));
}
