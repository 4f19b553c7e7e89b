import { useQuery } from "@tanstack/react-query";
import { membersQuery, tagsQuery, teamsQuery } from "../api/desk.ts";
import { policiesQuery, type MacroAction } from "../api/macros.ts";
import type { Id } from "../api/types.ts";
import { useLanguage, type Key } from "../i18n/index.tsx";
import { useTemplates } from "./templates.ts";

/** Says an action in a few words, with the names of what it is about. */
export function useActionText(): (action: MacroAction) => string {
  const { t, locale } = useLanguage();
  const { data: members } = useQuery(membersQuery);
  const { data: teams } = useQuery(teamsQuery);
  const { data: tags } = useQuery(tagsQuery);
  const { data: policies } = useQuery(policiesQuery);
  const templates = useTemplates();
  /** What an id names: what is gone says so, and nothing while it is being read (0.10). */
  const named = <One extends { name: string }>(all: readonly One[] | undefined, id: Id | undefined, idOf: (one: One) => Id, none = "") =>
    id ? (all?.find((one) => idOf(one) === id)?.name ?? (all ? t("actions.gone") : "")) : none;
  const byID = ({ id }: { id: Id }) => id;
  return (action) => {
    const what = t(`actions.${action.kind}` as Key);
    const names: Record<string, () => string> = {
      assign: () => named(members, action.member_id, ({ user_id }) => user_id, t("actions.nobody")),
      team: () => named(teams, action.team_id, byID, t("actions.no_team")),
      add_tag: () => named(tags, action.tag_id, byID),
      remove_tag: () => named(tags, action.tag_id, byID),
      priority: () => (action.priority ? t(`priority.${action.priority}` as Key) : ""),
      status: () => (action.status ? t(`status.${action.status}` as Key) : ""),
      snooze: () => (action.minutes ? t("actions.for_minutes", { count: action.minutes }) : t("actions.until_opening")),
      note: () => action.text ?? "",
      reply: () => action.texts?.[locale] ?? Object.values(action.texts ?? {})[0] ?? "",
      sla: () => named(policies, action.policy_id, byID, t("actions.no_policy")),
      template: () => templates.find(({ template }) => template.id === action.template_id)?.template.name ?? `#${action.template_id}`,
      webhook: () => action.url ?? "",
    };
    const about = names[action.kind]?.();
    return about ? t("actions.about", { what, about }) : what;
  };
}
