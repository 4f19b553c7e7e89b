/* oxlint-disable react/no-unstable-nested-components -- what a column shows is a function of its row, called as one */
import { useQuery } from "@tanstack/react-query";
import type { TeamWait } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useTeams } from "../inbox/directory.tsx";
import { waitsQuery } from "./api.ts";
import { Table, type Column } from "./table.tsx";

/** How the waits that customers were told compare with what happened, by team (E24). */
export function WaitTable() {
  const { t, format } = useLanguage();
  const known = useTeams();
  const { data } = useQuery(waitsQuery);
  const waits = data?.items ?? [];
  const nameOf = (id: number) => known.find((team) => team.id === id)?.name ?? `#${id}`;
  const minutes = (seconds: number) => t("board.minutes", { n: format.number(Math.round(seconds / 6) / 10) });
  const columns: Column<TeamWait>[] = [
    { id: "name", label: t("board.team"), key: ({ team_id }) => nameOf(team_id), cell: ({ team_id }) => <bdi className="font-medium">{nameOf(team_id)}</bdi> },
    { id: "mean", label: t("board.mean"), number: true, key: ({ mean_seconds }) => mean_seconds, cell: ({ samples, mean_seconds }) => (samples > 0 ? minutes(mean_seconds) : t("board.none")) },
    {
      id: "kept",
      label: t("board.kept"),
      number: true,
      key: ({ kept, estimates }) => (estimates > 0 ? kept / estimates : -1),
      cell: ({ kept, estimates }) => (estimates > 0 ? t("board.kept_of", { percent: Math.round((100 * kept) / estimates), n: format.number(estimates) }) : t("board.none")),
    },
    { id: "off", label: t("board.off"), number: true, key: ({ off_seconds, estimates }) => (estimates > 0 ? off_seconds : -1), cell: ({ off_seconds, estimates }) => (estimates > 0 ? minutes(off_seconds) : t("board.none")) },
  ];
  return waits.length > 0 && <Table title={t("board.waits")} columns={columns} rows={waits} idOf={({ team_id }) => team_id} first="name" empty={t("board.none")} />;
}
