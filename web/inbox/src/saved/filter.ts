import type { ListFilter, SavedView, SavedViewBody } from "../api/types.ts";
import { dayBefore, dayOf, dayStart } from "../i18n/days.ts";
import type { InboxSearch } from "../inbox/search.ts";
import { listKey, listQuery, type ListQuery } from "../list/query.ts";

type Shown = Pick<SavedView, "id" | "filter" | "sort">;

/** The menu's spans of days: kept as a span, they go with the calendar. */
const spans = [1, 7, 30];

/** What the address says when a saved view is open: all that it filters by, in days of a zone, and that it is this one. */
export function searchOf({ id, filter, sort }: Shown, zone: string): InboxSearch {
  const since = filter.within_days ? dayBefore(filter.within_days - 1, zone) : filter.since && dayOf(filter.since, zone);
  return {
    view: filter.view ?? "all",
    team_id: filter.team_id ? String(filter.team_id) : undefined,
    channel: listed(filter.channels),
    status: listed(filter.statuses),
    assignee: listed(filter.assignees),
    team: listed(filter.teams),
    tag: listed(filter.tags),
    priority: listed(filter.priorities),
    window: listed(filter.windows),
    sla: listed(filter.sla),
    language: listed(filter.languages),
    contact: listed(filter.acquaintances),
    attachment: filter.attachment ? "true" : undefined,
    unread: filter.unread ? "true" : undefined,
    since,
    until: filter.until && dayOf(filter.until, zone, -1), // up to and without that instant
    sort: sort === "activity" ? undefined : sort,
    saved: String(id),
  } as InboxSearch;
}

const listed = (values: readonly (string | number)[] | undefined) => values?.join() || undefined;

/** What is kept of a list under a name. Kept before as `was`: a span of days that was not touched stays one. */
export function filterOf(q: ListQuery, was?: ListFilter): ListFilter {
  const days = [...spans, was?.within_days ?? 0].find((span) => span > 0 && q.since === dayBefore(span - 1, q.zone));
  const kept = {
    view: q.view,
    team_id: q.view === "team" ? q.teamId : undefined,
    channels: some(q.channels),
    statuses: some(q.statuses),
    assignees: some(q.assignees),
    teams: some(q.teams),
    tags: some(q.tags),
    priorities: some(q.priorities),
    windows: some(q.windows),
    sla: some(q.promises),
    languages: some(q.languages),
    acquaintances: some(q.contacts),
    attachment: q.attachment || undefined,
    unread: q.unread || undefined,
    within_days: days,
    since: q.since && !days ? dayStart(q.since, q.zone) : undefined,
    until: q.until ? dayStart(q.until, q.zone, 1) : undefined,
  };
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)) as ListFilter;
}

const some = <V>(values: readonly V[]) => (values.length > 0 ? values : undefined);

/** Whether the list shows something else than the view that it began with. */
export const strayed = (view: Shown, now: ListQuery) => listKey(listQuery(searchOf(view, now.zone), now.zone)) !== listKey(now);

/** A view as its writer gives it, with something changed. */
export const bodyOf = ({ audience, team_id, name, icon, color, filter, sort, version }: SavedView, change: Partial<SavedViewBody>) => ({ audience, team_id, name, icon, color, filter, sort, version, ...change });
