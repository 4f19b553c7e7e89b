import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowDown, ArrowUp, ChevronRight, Plus, Target, Trash2 } from "lucide-react";
import { teamsQuery } from "../../api/desk.ts";
import type { Id } from "../../api/types.ts";
import { useLanguage } from "../../i18n/index.tsx";
import { IconButton } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty.tsx";
import { schedulesQuery } from "../api.ts";
import { Lines, Section, useMay } from "../section.tsx";
import { useChange } from "../use-change.ts";
import { useRemoval } from "../use-removal.tsx";
import { orderPolicies, policiesQuery, removePolicy, type Policy } from "./api.ts";
import { WaitAlerts } from "./wait-alerts.tsx";

/** What is promised to customers, in order, and when supervisors hear of long waits. */
export function SLAPage() {
  const { t, format } = useLanguage();
  const may = useMay("sla");
  const { data: policies } = useQuery(policiesQuery);
  const { data: teams = [] } = useQuery(teamsQuery);
  const { data: schedules = [] } = useQuery(schedulesQuery);
  const removal = useRemoval(policiesQuery.queryKey, removePolicy, t("sla.delete_hint"));
  const order = useChange(policiesQuery.queryKey, (ids: Id[]) => orderPolicies(ids));
  const move = (at: number, by: number) => {
    const ids = (policies ?? []).map(({ id }) => id);
    ids.splice(at + by, 0, ...ids.splice(at, 1));
    order.mutate(ids);
  };
  const whose = ({ team_ids }: Policy) => (team_ids?.length ? format.list(team_ids.map((id) => teams.find((team) => team.id === id)?.name ?? "…")) : t("sla.everybody"));
  const add = (
    <Link
      to="/settings/sla/$id"
      params={{ id: "new" }}
      className="inline-flex pressed items-center gap-1.5 rounded bg-accent-fill px-3 text-sm font-medium text-on-accent hover:bg-accent-fill-hover hover:no-underline"
    >
      <Plus size={15} aria-hidden /> {t("sla.add")}
    </Link>
  );
  return (
    <Section id="sla" actions={policies?.length ? add : null}>
      {policies?.length === 0 && (
        <EmptyState icon={<Target size={28} aria-hidden />} title={t("sla.none")} actions={may && add}>
          {t("sla.none_hint")}
        </EmptyState>
      )}
      {policies && policies.length > 0 && (
        <Lines label={t("settings.sla.title")}>
          {policies.map((policy, at) => (
            <li key={policy.id} className="flex items-center gap-1 pr-2">
              <Link to="/settings/sla/$id" params={{ id: String(policy.id) }} className="flex min-w-0 flex-1 items-center gap-2 rounded-md py-3 pl-4 text-ink hover:no-underline">
                <span className="min-w-0 flex-1">
                  <bdi className="block truncate font-medium">{policy.name}</bdi>
                  <span className="block text-sm text-muted">
                    {whose(policy)} · {policy.schedule_id ? (schedules.find(({ id }) => id === policy.schedule_id)?.name ?? "…") : t("sla.calendar")}
                  </span>
                </span>
                <ChevronRight size={16} aria-hidden className="text-faint" />
              </Link>
              {may && (
                <>
                  <IconButton label={t("fields.up", { name: policy.name })} disabled={at === 0 || order.isPending} onClick={() => move(at, -1)}>
                    <ArrowUp size={15} aria-hidden />
                  </IconButton>
                  <IconButton label={t("fields.down", { name: policy.name })} disabled={at === policies.length - 1 || order.isPending} onClick={() => move(at, 1)}>
                    <ArrowDown size={15} aria-hidden />
                  </IconButton>
                  <IconButton label={t("settings.delete_named", { name: policy.name })} onClick={() => removal.ask(policy)}>
                    <Trash2 size={15} aria-hidden />
                  </IconButton>
                </>
              )}
            </li>
          ))}
        </Lines>
      )}
      {may && <WaitAlerts teams={teams} />}
      {removal.question}
    </Section>
  );
}
