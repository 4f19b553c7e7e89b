import { useQuery } from "@tanstack/react-query";
import { membersQuery, tagsQuery, teamsQuery } from "../api/desk.ts";
import { policiesQuery, type MacroAction } from "../api/macros.ts";
import { useLanguage, type Key } from "../i18n/index.tsx";
import { useTemplates } from "./templates.ts";

/** Says an action in a few words, with the names of what it is about. */
export function useActionText(): (action: MacroAction) => string {
  const { t, locale } = useLanguage();
  const { data: members = [] } = useQuery(membersQuery);
  const { data: teams = [] } = useQuery(teamsQuery);
  const { data: tags = [] } = useQuery(tagsQuery);
  const { data: policies = [] } = useQuery(policiesQuery);
  const templates = useTemplates();
  return (action) => {
    const what = t(`actions.${action.kind}` as Key);
    const names: Record<string, () => string> = {
      assign: () => members.find((one) => one.user_id === action.member_id)?.name ?? t("actions.nobody"),
      team: () => teams.find((one) => one.id === action.team_id)?.name ?? t("actions.no_team"),
      add_tag: () => tags.find((one) => one.id === action.tag_id)?.name ?? "",
      remove_tag: () => tags.find((one) => one.id === action.tag_id)?.name ?? "",
      priority: () => (action.priority ? t(`priority.${action.priority}` as Key) : ""),
      status: () => (action.status ? t(`status.${action.status}` as Key) : ""),
      snooze: () => (action.minutes ? t("actions.for_minutes", { count: action.minutes }) : t("actions.until_opening")),
      note: () => action.text ?? "",
      reply: () => action.texts?.[locale] ?? Object.values(action.texts ?? {})[0] ?? "",
      sla: () => (action.policy_id ? (policies.find((one) => one.id === action.policy_id)?.name ?? `#${action.policy_id}`) : t("actions.no_policy")),
      template: () => templates.find(({ template }) => template.id === action.template_id)?.template.name ?? `#${action.template_id}`,
      webhook: () => action.url ?? "",
    };
    const about = names[action.kind]?.();
    return about ? t("actions.about", { what, about }) : what;
  };
}
