import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowLeft, Gauge } from "lucide-react";
import { useEffect, useState } from "react";
import { usePageName } from "../app/page-name.ts";
import { Waiting } from "../app/outcomes.tsx";
import type { Board } from "../api/types.ts";
import { useLanguage, useRoom } from "../i18n/index.tsx";
import { DirectoryProvider } from "../inbox/directory.tsx";
import { useConnection, useLive } from "../live/context.tsx";
import { EmptyState } from "../ui/empty.tsx";
import { sentence } from "../ui/toast.tsx";
import { boardQuery, type Source } from "./api.ts";
import { ChannelTable } from "./channels.tsx";
import { elapsed, useSecond } from "./clock.ts";
import { MemberTable } from "./members.tsx";
import { MoveDialog } from "./move.tsx";
import { PromiseTotals, TeamTable } from "./teams.tsx";
import { WaitTable } from "./waits.tsx";

/** What supervisors watch: what waits, who works on what, how the channels are (E20). */
export function BoardPage() {
  const texts = useRoom("board");
  if (!texts) return <Waiting />;
  return (
    <DirectoryProvider>
      <Shown />
    </DirectoryProvider>
  );
}

function Shown() {
  const { t } = useLanguage();
  usePageName(t("board.title"));
  const queries = useQueryClient();
  const { watchBoard } = useLive();
  const { data: board, error } = useQuery(boardQuery);
  const [moved, setMoved] = useState<Source | null>(null);
  const now = useSecond();
  useEffect(() => watchBoard((fresh) => queries.setQueryData(boardQuery.queryKey, fresh)), [watchBoard, queries]);
  return (
    <main className="mx-auto flex min-h-full max-w-6xl flex-col gap-5 px-3 pt-3 pb-8 sm:px-5">
      <header className="flex flex-wrap items-center gap-x-2">
        <Link to="/" aria-label={t("app.to_inbox")} title={t("app.to_inbox")} className="reach grid size-8 place-items-center rounded text-muted hover:bg-hover pointer-coarse:size-10 hover:text-ink">
          <ArrowLeft size={16} aria-hidden />
        </Link>
        <h1 className="text-lg font-semibold">{t("board.title")}</h1>
        <p className="hidden text-sm text-muted sm:block">{t("board.purpose")}</p>
      </header>
      <Disconnected />
      {error && !board ? (
        <EmptyState icon={<Gauge size={32} aria-hidden />} title={t("board.failed")}>
          {sentence(t, error).text}
        </EmptyState>
      ) : (
        board && (
          <>
            <Summary board={board} now={now} />
            <PromiseTotals teams={board.teams ?? []} />
            <TeamTable teams={board.teams ?? []} now={now} onMove={setMoved} />
            <MemberTable members={board.members ?? []} now={now} onMove={setMoved} />
            <ChannelTable channels={board.channels ?? []} now={now} />
            <WaitTable />
          </>
        )
      )}
      {moved && <MoveDialog source={moved} onClose={() => setMoved(null)} />}
    </main>
  );
}

/** Says that what is shown may be old. */
function Disconnected() {
  const { t } = useLanguage();
  return useConnection() === "offline" ? <output className="rounded bg-warn-soft px-3 py-2 text-sm text-warn">{t("board.stale")}</output> : null;
}

const saidEvery = 30_000;

/** The whole in a sentence, for screen readers, anew twice a minute at most. */
function Summary({ board, now }: { board: Board; now: number }) {
  const { t } = useLanguage();
  const waiting = (board.teams ?? []).reduce((sum, team) => sum + team.waiting, 0);
  const online = (board.members ?? []).filter(({ availability }) => availability === "online").length;
  const oldest = (board.teams ?? []).flatMap(({ wait_since }) => wait_since ?? []).sort()[0];
  const turn = Math.floor(now / saidEvery);
  const text = oldest ? t("board.summary", { waiting, online, oldest: elapsed(oldest, now) }) : t("board.summary_none", { online });
  const [said, setSaid] = useState({ turn, text });
  if (said.turn !== turn) setSaid({ turn, text });
  return <output className="sr-only">{said.text}</output>;
}
