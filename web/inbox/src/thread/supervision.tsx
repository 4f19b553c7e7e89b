import { Eye, UsersRound } from "lucide-react";
import { actionById, othersWork } from "../actions/index.ts";
import { usePermission, useSession } from "../api/session.ts";
import type { Row } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useInbox } from "../inbox/context.tsx";
import { useMembers } from "../inbox/directory.tsx";
import { useViewing } from "../live/hooks.ts";
import { useKeyHint } from "../preferences/keys.ts";
import { Button } from "../ui/button.tsx";

/** Above the composer: that a supervisor watches or takes part, and for one of them what they can do (E21, E22). */
export default function Supervision({ row }: { row: Row }) {
  const { t, rich, format } = useLanguage();
  const { user } = useSession();
  const { invoke } = useInbox();
  const may = usePermission("conversation.monitor");
  const members = useMembers();
  const viewing = useViewing(row.id);
  const key = useKeyHint();
  const nameOf = (id: number) => members.find((member) => member.user_id === id)?.name ?? "";
  const names = (ids: readonly number[]) => <bdi>{format.list(ids.filter((id) => id !== user.id).map(nameOf).filter(Boolean))}</bdi>;
  const joined = row.ticket.joined_ids ?? [];
  const watching = (viewing?.who ?? []).filter((one) => one.monitors && one.user_id !== user.id && !joined.includes(one.user_id)).map((one) => one.user_id);
  const steps = may && othersWork(row, user.id);
  const mine = joined.includes(user.id);
  const others = joined.some((id) => id !== user.id);
  if (!steps && watching.length === 0 && !others) return null;
  const button = (id: string) => {
    const action = actionById(id);
    return (
      action && (
        <Button size="sm" title={key(id)} onClick={() => invoke(action)}>
          {t(action.label)}
        </Button>
      )
    );
  };
  return (
    <section aria-label={t("supervise.title")} className="mx-3 mb-2 flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 rounded bg-accent-soft px-2 py-1 text-xs text-accent">
      <output className="flex min-w-48 flex-1 flex-wrap items-center gap-x-3">
        {steps && <Line icon={mine ? "joined" : "watching"}>{rich(mine ? "supervise.you_joined" : "supervise.you_watch", { name: <bdi>{nameOf(row.ticket.assignee_id)}</bdi> })}</Line>}
        {watching.length > 0 && <Line icon="watching">{rich("supervise.watching", { names: names(watching) })}</Line>}
        {others && <Line icon="joined">{rich("supervise.joined", { names: names(joined) })}</Line>}
      </output>
      {steps && (
        <>
          {button(mine ? "leave" : "join")}
          {button("take_over")}
        </>
      )}
    </section>
  );
}

function Line({ icon, children }: { icon: "watching" | "joined"; children: React.ReactNode }) {
  const Sign = icon === "joined" ? UsersRound : Eye;
  return (
    <span className="inline-flex items-center gap-1">
      <Sign size={13} aria-hidden className="shrink-0" />
      <span>{children}</span>
    </span>
  );
}
