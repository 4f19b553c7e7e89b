import { useQuery } from "@tanstack/react-query";
import { AlarmClock, AtSign, Ban, CheckCircle2, CircleAlert, CircleDashed, CornerUpLeft, Hourglass, Inbox, UserRound, UsersRound, type LucideIcon } from "lucide-react";
import { countsQuery } from "../api/desk.ts";
import type { Counts, Id, ViewName } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { SavedLater } from "../saved/later.tsx";
import { Badge } from "../ui/badge.tsx";
import { Tooltip } from "../ui/tooltip.tsx";
import { cleared } from "./action-context.ts";
import { useListing } from "./context.tsx";
import { useTeams } from "./directory.tsx";
import type { InboxSearch } from "./search.ts";

/** A view as it stands among the others. */
export interface ViewLine {
  key: string;
  label: string;
  icon: LucideIcon;
  color?: string | undefined;
  count: number;
  unread: number;
  /** The count in words, where it is not exact. */
  about?: string | undefined;
  search: InboxSearch;
  current: boolean;
}

const icons: Record<Exclude<ViewName, "team">, LucideIcon> = { mine: UserRound, unassigned: CircleDashed, all: Inbox, waiting: Hourglass, replied: CornerUpLeft, mentions: AtSign, failed: CircleAlert, snoozed: AlarmClock, resolved: CheckCircle2, blocked: Ban };
/** What is unread in a view (G1.7); what is resolved is no news. */
const unreadOf = (counts: Counts | undefined, view: keyof typeof icons): number => (view === "all" ? counts?.unread : view === "resolved" ? 0 : counts?.[`${view}_unread`]) ?? 0;

/** The views with their live counts. */
export function useViews(): { views: ViewLine[]; teams: ViewLine[] } {
  const { t } = useLanguage();
  const { query, search } = useListing();
  const { data: counts } = useQuery(countsQuery);
  const teams = useTeams();
  const names = Object.keys(icons) as Exclude<ViewName, "team">[];
  const keep = { ...cleared, sort: query.sort === "activity" ? undefined : query.sort } as InboxSearch;
  return {
    views: names.map((view) => ({
      key: view,
      label: t(`view.${view}`),
      icon: icons[view],
      count: counts?.[view] ?? 0,
      unread: unreadOf(counts, view),
      search: { ...keep, view },
      current: query.view === view && !search.saved,
    })),
    teams: teams.map((team: { id: Id; name: string }) => ({
      key: `team-${team.id}`,
      label: team.name,
      icon: UsersRound,
      count: counts?.teams?.[team.id] ?? 0,
      unread: counts?.teams_unread?.[team.id] ?? 0,
      search: { ...keep, view: "team", team_id: String(team.id) },
      current: query.view === "team" && !search.saved && query.teamId === team.id,
    })),
  };
}

/** The list of views. `onChosen` is called after one was picked. */
export function Views({ open, onChosen }: { open: boolean; onChosen?: () => void }) {
  const { t } = useLanguage();
  const { views, teams } = useViews();
  return (
    <div className="flex flex-col gap-3">
      <ul className="flex flex-col gap-px">
        {views.map((view) => (
          <ViewItem key={view.key} view={view} open={open} onChosen={onChosen} />
        ))}
      </ul>
      {teams.length > 0 && (
        <div>
          {open && <h2 className="mb-1 px-2 text-2xs font-medium text-muted">{t("view.teams")}</h2>}
          <ul className="flex flex-col gap-px">
            {teams.map((view) => (
              <ViewItem key={view.key} view={view} open={open} onChosen={onChosen} />
            ))}
          </ul>
        </div>
      )}
      <SavedLater part="nav" open={open} render={(view) => <ViewItem key={view.key} view={view} open={open} onChosen={onChosen} />} />
    </div>
  );
}

function ViewItem({ view, open, onChosen }: { view: ViewLine; open: boolean; onChosen: (() => void) | undefined }) {
  const { t, format } = useLanguage();
  const { go } = useListing();
  const Icon = view.icon;
  const choose = () => {
    go(view.search);
    onChosen?.();
  };
  const button = (
    <button
      type="button"
      onClick={choose}
      aria-current={view.current ? "page" : undefined}
      className={`relative flex pressed w-full items-center gap-2 rounded text-sm ${open ? "px-2" : "justify-center"} ${view.current ? "bg-press font-medium text-ink" : "text-muted hover:bg-hover hover:text-ink"}`}
    >
      <Icon size={16} color={view.color} aria-hidden className="shrink-0" />
      <span className={open ? "min-w-0 flex-1 truncate text-left" : "sr-only"}>
        <bdi>{view.label}</bdi>
      </span>
      {open && view.unread > 0 && (
        <Badge look="accent" title={t("view.unread", { count: view.unread })}>
          {view.unread > 99 ? "99+" : view.unread}
        </Badge>
      )}
      {open && view.count > 0 && view.unread === 0 && <span className="text-xs text-muted tabular-nums">{view.about ?? (view.count > 999 ? `${format.number(999)}+` : format.number(view.count))}</span>}
      {!open && view.unread > 0 && <span className="absolute top-1 right-1.5 size-2 rounded-full bg-accent-fill" />}
    </button>
  );
  return (
    <li>
      {open ? (
        button
      ) : (
        <Tooltip text={`${view.label} ${view.about ?? (view.count > 0 ? format.number(view.count) : "")}`} side="right">
          {button}
        </Tooltip>
      )}
    </li>
  );
}
