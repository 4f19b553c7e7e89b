import { useQuery } from "@tanstack/react-query";
import { Plus, UsersRound } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { membersQuery, teamsQuery } from "../../api/desk.ts";
import type { Team } from "../../api/types.ts";
import { useLanguage } from "../../i18n/index.tsx";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty.tsx";
import { removeTeam } from "../api.ts";
import { EditAndDelete, Lines, Section, useMay } from "../section.tsx";
import { useRemoval } from "../use-removal.tsx";
import { named } from "./named.ts";

const TeamForm = lazy(() => import("./team-form.tsx"));

const shownFaces = 5;

/** Groups of members that tickets are handed to. */
export function TeamsPage() {
  const { t, format } = useLanguage();
  const may = useMay("teams");
  const { data: teams } = useQuery(teamsQuery);
  const { data: members = [] } = useQuery(membersQuery);
  const [edited, setEdited] = useState<Team | "new" | null>(null);
  const removal = useRemoval(teamsQuery.queryKey, removeTeam, t("teams.delete_hint"));
  const add = (
    <Button look="primary" onClick={() => setEdited("new")}>
      <Plus size={15} aria-hidden /> {t("teams.add")}
    </Button>
  );
  return (
    <Section id="teams" actions={teams?.length ? add : null}>
      {teams?.length === 0 && (
        <EmptyState icon={<UsersRound size={28} aria-hidden />} title={t("teams.none")} actions={may && add}>
          {t("teams.none_hint")}
        </EmptyState>
      )}
      {teams && teams.length > 0 && (
        <Lines label={t("settings.teams.title")}>
          {teams.map((team) => {
            const people = members.filter((member) => team.member_ids?.includes(member.user_id));
            return (
              <li key={team.id} className="flex min-h-14 items-center gap-3 py-2 pr-2 pl-4">
                <div className="min-w-0 flex-1">
                  <bdi className="block truncate font-medium">{team.name}</bdi>
                  <p className="truncate text-xs text-muted">{people.length ? format.list(people.map(named)) : t("teams.nobody")}</p>
                </div>
                <span aria-hidden className="hidden -space-x-1.5 sm:flex">
                  {people.slice(0, shownFaces).map((member) => (
                    <span key={member.user_id} className="rounded-full ring-2 ring-surface">
                      <Avatar name={named(member)} id={member.user_id} url={member.avatar_url} size={26} />
                    </span>
                  ))}
                </span>
                {may && <EditAndDelete name={team.name} onEdit={() => setEdited(team)} onDelete={() => removal.ask(team)} />}
              </li>
            );
          })}
        </Lines>
      )}
      {edited && (
        <Suspense>
          <TeamForm team={edited === "new" ? null : edited} members={members} onClose={() => setEdited(null)} />
        </Suspense>
      )}
      {removal.question}
    </Section>
  );
}
