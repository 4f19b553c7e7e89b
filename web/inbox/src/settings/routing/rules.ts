import type { components } from "@madoguchi/api";
import type { T } from "../../i18n/index.tsx";
import { nameIn, type Choices } from "../conditions/choices.ts";
import { allComplete, tidy } from "../conditions/facts.ts";

type Schemas = components["schemas"];
export type RoutingRules = Schemas["RoutingRules"];
export type RoutingRule = Schemas["RoutingRule"];
export type Action = Schemas["Action"];
export type Trial = Schemas["RoutingTrial"];

/** A rule on the page; `key` tells it from others before it has an id. */
export interface Draft extends RoutingRule {
  key: string;
}

export const draftOf = (rule: RoutingRule): Draft => ({ ...rule, key: `r${rule.id ?? crypto.randomUUID()}` });
export const newDraft = (): Draft => ({ key: crypto.randomUUID(), name: "", active: true, conditions: {}, actions: [] });

/** A rule as it is sent. */
export const ruleOf = ({ id, name, active, conditions, actions }: Draft): RoutingRule => ({ ...(id ? { id } : {}), name: name.trim(), active, conditions: tidy(conditions), actions });

/** What is wrong with a rule, "" if nothing. */
export function faultOf(t: T, rule: Draft): string {
  if (!rule.name.trim()) return t("routing.check.name");
  if (!allComplete(rule.conditions)) return t("routing.check.conditions");
  return rule.actions.length > 0 ? "" : t("routing.check.actions");
}

/** What a rule does, in words. */
export function actionsText(t: T, actions: readonly Action[], choices: Choices): string {
  const texts = actions.flatMap((action) => {
    switch (action.kind) {
      case "team":
        return [t("routing.does.team", { name: nameIn(choices.teams, String(action.team_id)) })];
      case "assign":
        return [t("routing.does.assign", { name: nameIn(choices.members, String(action.member_id)) })];
      case "priority":
        return action.priority ? [t("routing.does.priority", { name: t(`priority.${action.priority as "low"}`) })] : [];
      case "add_tag":
        return [t("routing.does.tag", { name: nameIn(choices.tags, String(action.tag_id)) })];
      case "sla":
        return [t("routing.does.sla", { name: nameIn(choices.policies, String(action.policy_id)) })];
      default:
        return [];
    }
  });
  return texts.join(t("routing.does.and"));
}
