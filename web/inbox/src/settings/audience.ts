import { useQuery } from "@tanstack/react-query";
import { teamsQuery } from "../api/desk.ts";
import { usePermission, useSession } from "../api/session.ts";
import type { CannedReply, Id } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";

/** Names whose a canned reply or macro is. */
export function useAudienceName(): (one: { audience: CannedReply["audience"]; team_id: Id }) => string {
  const t = useT();
  const { data: teams = [] } = useQuery(teamsQuery);
  return (one) => (one.audience === "team" ? (teams.find((team) => team.id === one.team_id)?.name ?? t("canned.team")) : t(`canned.${one.audience}`));
}

/** For whom the viewer may keep a canned reply or macro; what is chosen stays among them. */
export function useAudiences(chosen: string): { value: string; label: string }[] {
  const t = useT();
  const shared = usePermission("workspace.manage");
  const { user } = useSession();
  const { data: teams = [] } = useQuery(teamsQuery);
  return [
    { value: "personal", label: t("canned.personal") },
    ...teams.filter((team) => shared || team.member_ids?.includes(user.id) || String(team.id) === chosen).map((team) => ({ value: String(team.id), label: team.name })),
    ...(shared || chosen === "workspace" ? [{ value: "workspace", label: t("canned.workspace") }] : []),
  ];
}
