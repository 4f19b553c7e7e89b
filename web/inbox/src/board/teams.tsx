/* oxlint-disable react/no-unstable-nested-components -- what a column shows is a function of its row, called as one */
import { ArrowRightLeft } from "lucide-react";
import { usePermission } from "../api/session.ts";
import type { BoardTeam } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useTeams } from "../inbox/directory.tsx";
import { IconButton } from "../ui/button.tsx";
import { listOf, promisedOf, type Source } from "./api.ts";
import { Clock, Count, runs } from "./cells.tsx";
import { Table, type Column } from "./table.tsx";

/** How it stands with each team's cases. */
export function TeamTable({ teams, now, onMove }: { teams: readonly BoardTeam[]; now: number; onMove: (source: Source) => void }) {
  const { t } = useLanguage();
  const known = useTeams();
  const moves = usePermission("ticket.assign_others");
  const nameOf = (id: number) => (id === 0 ? t("board.no_team") : (known.find((team) => team.id === id)?.name ?? `#${id}`));
  const columns: Column<BoardTeam>[] = [
    { id: "name", label: t("board.team"), key: ({ id }) => nameOf(id), cell: ({ id }) => <bdi className={id === 0 ? "text-muted" : "font-medium"}>{nameOf(id)}</bdi> },
    { id: "waiting", label: t("board.waiting"), number: true, key: ({ waiting }) => waiting, cell: ({ id, waiting }) => <Count n={waiting} to={listOf({ kind: "team", id })} label={t("board.waiting")} /> },
    { id: "oldest", label: t("board.oldest"), number: true, key: ({ wait_since }) => runs(wait_since), cell: ({ wait_since }) => <Clock since={wait_since} now={now} /> },
    { id: "open", label: t("board.open"), number: true, wide: true, key: ({ open }) => open, cell: ({ id, open }) => <Count n={open} to={{ view: "all", team: String(id), status: "open" }} label={t("board.open")} /> },
    { id: "at_risk", label: t("board.at_risk"), number: true, wide: true, key: ({ at_risk }) => at_risk, cell: ({ id, at_risk }) => <Count n={at_risk} look="warn" to={promisedOf("warning", id)} label={t("board.at_risk")} /> },
    { id: "breached", label: t("board.breached"), number: true, key: ({ breached }) => breached, cell: ({ id, breached }) => <Count n={breached} look="danger" to={promisedOf("breached", id)} label={t("board.breached")} /> },
  ];
  return (
    <Table
      title={t("board.teams")}
      columns={columns}
      rows={teams}
      idOf={({ id }) => id}
      first="waiting"
      empty={t("board.none")}
      actions={({ id, waiting }) =>
        moves &&
        waiting > 0 && (
          <IconButton label={t("board.move_from", { name: nameOf(id) })} onClick={() => onMove({ kind: "team", id, name: nameOf(id) })}>
            <ArrowRightLeft size={15} aria-hidden />
          </IconButton>
        )
      }
    />
  );
}

/** How many cases' SLA runs out soon or has, in all teams together. */
export function PromiseTotals({ teams }: { teams: readonly BoardTeam[] }) {
  const { t } = useLanguage();
  const total = (of: "at_risk" | "breached") => teams.reduce((sum, team) => sum + team[of], 0);
  return (
    <dl aria-label={t("board.sla")} className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
      {(["at_risk", "breached"] as const).map((of) => (
        <div key={of} className="flex items-center gap-1.5">
          <dt className="text-muted">{t(`board.${of}`)}</dt>
          <dd className="tabular-nums">
            <Count n={total(of)} look={of === "breached" ? "danger" : "warn"} to={promisedOf(of === "breached" ? "breached" : "warning")} label={t(`board.${of}`)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
