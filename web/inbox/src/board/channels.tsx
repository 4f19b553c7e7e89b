/* oxlint-disable react/no-unstable-nested-components -- what a column shows is a function of its row, called as one */
import { CircleAlert, CircleCheck } from "lucide-react";
import type { BoardChannel } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useChannels } from "../inbox/directory.tsx";
import { ChannelIcon } from "../list/channel-icon.tsx";
import { Clock, Count, runs } from "./cells.tsx";
import { Table, type Column } from "./table.tsx";

/** How the channels are, and what waits on them. */
export function ChannelTable({ channels, now }: { channels: readonly BoardChannel[]; now: number }) {
  const { t } = useLanguage();
  const known = useChannels();
  const of = (id: number) => known.find((channel) => channel.id === id);
  const nameOf = (id: number) => of(id)?.name || `#${id}`;
  const columns: Column<BoardChannel>[] = [
    {
      id: "name",
      label: t("board.channel"),
      key: ({ id }) => nameOf(id),
      cell: ({ id }) => (
        <span className="inline-flex items-center gap-1.5">
          <ChannelIcon kind={of(id)?.kind ?? ""} />
          <bdi className="font-medium">{nameOf(id)}</bdi>
        </span>
      ),
    },
    { id: "state", label: t("board.state"), key: ({ state }) => t(`board.channel.${state}`), cell: ({ state }) => <State state={state} /> },
    { id: "waiting", label: t("board.waiting"), number: true, key: ({ waiting }) => waiting, cell: ({ id, waiting }) => <Count n={waiting} to={{ view: "all", channel: String(id), status: "queued", sort: "waiting" }} label={t("board.waiting")} /> },
    { id: "oldest", label: t("board.oldest"), number: true, wide: true, key: ({ wait_since }) => runs(wait_since), cell: ({ wait_since }) => <Clock since={wait_since} now={now} /> },
  ];
  return <Table title={t("board.channels")} columns={columns} rows={channels} idOf={({ id }) => id} first="waiting" empty={t("board.no_channels")} />;
}

function State({ state }: Pick<BoardChannel, "state">) {
  const { t } = useLanguage();
  const well = state === "active";
  const Sign = well ? CircleCheck : CircleAlert;
  return (
    <span className={`inline-flex items-center gap-1 ${well ? "text-muted" : "text-warn"}`}>
      <Sign size={14} aria-hidden className="shrink-0" />
      {t(`board.channel.${state}`)}
    </span>
  );
}
