import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Coffee, FilterX, PlugZap, WifiOff } from "lucide-react";
import { channelsQuery, countsQuery } from "../api/desk.ts";
import { usePermission } from "../api/session.ts";
import { useT } from "../i18n/index.tsx";
import { cleared } from "../inbox/action-context.ts";
import { useListing } from "../inbox/context.tsx";
import type { InboxSearch } from "../inbox/search.ts";
import { useLive } from "../live/context.tsx";
import type { List } from "../live/lists.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty.tsx";
import { focusSoon } from "../ui/focus-soon.ts";
import { sentence } from "../ui/toast.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { filterCount } from "./query.ts";

/** Why a list is empty, and what to do about it. */
export function ListEmpty({ list }: { list: List }) {
  const t = useT();
  const { query, go } = useListing();
  const { desk } = useLive();
  const { data: channels } = useQuery(channelsQuery);
  const mayConnect = usePermission("channel.manage");
  return (
    <div id="conversation-list" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
      {list.state === "failed" ? (
        <EmptyState icon={<WifiOff size={24} aria-hidden />} title={t("list.failed")} actions={<Button onClick={() => void desk.openList(query)}>{t("action.retry")}</Button>}>
          {sentence(t, list.error).text}
        </EmptyState>
      ) : filterCount(query) > 0 ? (
        <EmptyState icon={<FilterX size={24} aria-hidden />} title={t("list.filtered")} actions={<Button onClick={() => go(cleared)}>{t("filter.clear_all")}</Button>}>
          {t("list.filtered_hint")}
        </EmptyState>
      ) : channels?.length === 0 ? (
        <EmptyState icon={<PlugZap size={24} aria-hidden />} title={t("list.no_channel")} actions={mayConnect && <Link to="/settings/channels" className="text-sm">{t("list.connect_channel")}</Link>}>
          {t("list.no_channel_hint")}
        </EmptyState>
      ) : (
        <Nothing />
      )}
    </div>
  );
}

/** A view in which nothing is. Who has no case of their own is told how many nobody has, and led there. */
function Nothing() {
  const t = useT();
  const { query } = useListing();
  const { data: counts } = useQuery(countsQuery);
  const count = query.view === "mine" ? (counts?.unassigned ?? 0) : 0; // of what the viewer sees (J2)
  const queue = count > 0 && (
    <Link to="/" search={(now: InboxSearch) => ({ ...now, ...cleared, view: "unassigned" })} onClick={() => focusSoon("conversation-list")} className="inline-flex pressed items-center text-sm">
      {t("empty.to_unassigned")}
    </Link>
  );
  return (
    <EmptyState icon={<Coffee size={24} aria-hidden />} title={t(`empty.${query.view}`)} actions={queue}>
      {count > 0 && <p>{t("empty.left_unassigned", { count })}</p>}
      <FirstSteps />
    </EmptyState>
  );
}
