import type { Id, Priority, Row, Sort, Status, ViewName } from "../api/types.ts";
import { dayStart } from "../i18n/days.ts";
import type { InboxSearch } from "../inbox/search.ts";
import { listWindow, type ListWindow } from "../standing/window.ts";

/** How what is promised stands (E17), as the server's list sees it. */
export type Promised = NonNullable<Row["ticket"]["sla"]>;

/** One list of the inbox: a view, filters (AND between kinds, OR inside one; G1.4) and a sort. */
export interface ListQuery {
  view: ViewName;
  teamId: Id;
  channels: Id[];
  statuses: Status[];
  assignees: Id[]; // 0 = nobody
  teams: Id[];
  tags: Id[];
  priorities: Priority[];
  windows: ListWindow[];
  promises: Promised[];
  languages: string[];
  contacts: string[]; // new, existing
  attachment: boolean;
  unread: boolean;
  since: string;
  until: string;
  zone: string; // in which these are days; "" = the browser's
  sort: Sort;
}

const split = (text = "") => text.split(",").filter(Boolean);
const ids = (text = "") => split(text).map(Number).filter(Number.isFinite);

export const views: readonly ViewName[] = ["mine", "unassigned", "all", "waiting", "replied", "mentions", "failed", "snoozed", "resolved", "blocked"];
export const statuses: readonly Status[] = ["queued", "open", "pending", "snoozed", "bot", "resolved"];
export const priorities: readonly Priority[] = ["urgent", "high", "normal", "low"];
export const sorts: readonly Sort[] = ["activity", "waiting", "priority", "window", "sla"];
export const windows: readonly ListWindow[] = ["open", "closing", "closed"];

export const promises: readonly Promised[] = ["breached", "warning", "ok", "paused"];

/** Reads the list's query from the address; its days are those of a zone (0.14). */
export function listQuery(search: InboxSearch, zone = ""): ListQuery {
  const known = <V extends string>(value: string | undefined, all: readonly V[], otherwise: V) => all.find((one) => one === value) ?? otherwise;
  return {
    view: known(search.view, [...views, "team"], "mine"),
    teamId: Number(search.team_id ?? 0),
    channels: ids(search.channel),
    statuses: split(search.status) as Status[],
    assignees: ids(search.assignee),
    teams: ids(search.team),
    tags: ids(search.tag),
    priorities: split(search.priority) as Priority[],
    windows: split(search.window) as ListWindow[],
    promises: split(search.sla) as Promised[],
    languages: split(search.language),
    contacts: split(search.contact),
    attachment: search.attachment === "true",
    unread: search.unread === "true",
    since: search.since ?? "",
    until: search.until ?? "",
    zone,
    sort: known(search.sort, sorts, "activity"),
  };
}

/** The query's parameters for the API; as text it is also the list's key. */
export function params(q: ListQuery): Record<string, string> {
  const all: Record<string, string> = {
    view: q.view,
    team_id: q.view === "team" ? String(q.teamId) : "",
    channel: q.channels.join(),
    status: q.statuses.join(),
    assignee: q.assignees.join(),
    team: q.teams.join(),
    tag: q.tags.join(),
    priority: q.priorities.join(),
    window: q.windows.join(),
    sla: q.promises.join(),
    language: q.languages.join(),
    contact: q.contacts.join(),
    attachment: q.attachment ? "true" : "",
    unread: q.unread ? "true" : "",
    since: q.since && dayStart(q.since, q.zone),
    until: q.until && dayStart(q.until, q.zone, 1),
    sort: q.sort,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
}

export const listKey = (q: ListQuery) => new URLSearchParams(params(q)).toString();

/** How many kinds of filters are on. */
export const filterCount = (q: ListQuery) =>
  [q.channels, q.statuses, q.assignees, q.teams, q.tags, q.priorities, q.windows, q.promises, q.languages, q.contacts].filter((kind) => kind.length > 0).length + Number(q.unread) + Number(q.attachment) + Number(Boolean(q.since || q.until));

/** Whether a row belongs in the list of a member: the server's rules, so that live changes need no refetch. */
export function matches(q: ListQuery, row: Row, me: Id, now = Date.now()): boolean {
  const { ticket } = row;
  const any = <V>(wanted: readonly V[], value: V) => wanted.length === 0 || wanted.includes(value);
  return (
    inView(q, row, me) &&
    any(q.channels, row.channel_id) &&
    any(q.statuses, ticket.status) &&
    any(q.assignees, ticket.assignee_id ?? 0) &&
    any(q.teams, ticket.team_id ?? 0) &&
    any(q.priorities, ticket.priority) &&
    (q.tags.length === 0 || q.tags.some((tag) => ticket.tag_ids?.includes(tag))) &&
    (q.windows.length === 0 || q.windows.some((state) => state === listWindow(row, now))) &&
    (q.promises.length === 0 || q.promises.some((state) => state === ticket.sla)) &&
    any(q.languages, row.language ?? "") &&
    any(q.contacts, row.existing ? "existing" : "new") &&
    (!q.attachment || Boolean(row.attached)) &&
    (!q.unread || row.unread > 0) &&
    (!q.since || row.last_activity_at >= dayStart(q.since, q.zone)) &&
    (!q.until || row.last_activity_at < dayStart(q.until, q.zone, 1))
  );
}

function inView(q: ListQuery, { ticket, mentioned_ids, failed, contact }: Row, me: Id): boolean {
  const resolved = ticket.status === "resolved";
  switch (q.view) {
    case "mine":
      return !resolved && ticket.assignee_id === me;
    case "unassigned":
      return !resolved && !ticket.assignee_id;
    case "all":
      return !resolved;
    case "waiting":
      return !resolved && Boolean(ticket.wait_since);
    case "replied":
      return !resolved && !ticket.wait_since;
    case "snoozed":
      return ticket.status === "snoozed";
    case "resolved":
      return resolved;
    case "team":
      return !resolved && ticket.team_id === q.teamId;
    case "mentions":
      return Boolean(mentioned_ids?.includes(me));
    case "failed":
      return !resolved && failed;
    case "blocked":
      return contact.blocked;
  }
}

/** What the order says nothing about stands as the server has it: several providers tell only the second. */
const byId = (a: Row, b: Row) => a.id - b.id;

const latest = (a: Row, b: Row) => (a.last_activity_at === b.last_activity_at ? byId(a, b) : a.last_activity_at < b.last_activity_at ? 1 : -1);

/** Who waits longest first, then those who do not wait, the latest first. */
function oldestWait(a: Row, b: Row): number {
  const [x, y] = [a.ticket.wait_since ?? "", b.ticket.wait_since ?? ""];
  if (x === y) return x ? byId(a, b) : latest(a, b);
  if (!x || !y) return x ? -1 : 1;
  return x < y ? -1 : 1;
}

/** The window that closes next first, then the closed ones, the last closed first, then what has none (C2.3). */
function nextToClose(a: Row, b: Row, asOf: number): number {
  const [x, y] = [end(a), end(b)];
  const part = (until: number) => (until > asOf ? 0 : until ? 1 : 2);
  const away = (until: number) => (part(until) === 2 ? 0 : Math.abs(until - asOf));
  const same = [byId, (one: Row, other: Row) => byId(other, one), latest][part(x)] ?? latest;
  return part(x) - part(y) || away(x) - away(y) || same(a, b);
}

/** What runs out first is on top, what no clock runs for below. */
const firstDue = ({ ticket: { sla_due } }: Row) => (sla_due ? Date.parse(sla_due) : Number.MAX_SAFE_INTEGER);

const end = (row: Row) => (row.reply_until ? Date.parse(row.reply_until) : 0);

/** The list's order (G1.5), as of an instant. */
export const orders: Record<Sort, (a: Row, b: Row, asOf: number) => number> = {
  activity: latest,
  waiting: oldestWait,
  priority: (a, b) => priorities.indexOf(a.ticket.priority) - priorities.indexOf(b.ticket.priority) || oldestWait(a, b),
  window: nextToClose,
  sla: (a, b) => firstDue(a) - firstDue(b) || (a.ticket.sla_due ? byId(a, b) : latest(a, b)),
};

/** The order of a list: what has resolved rows beside others shows them last. */
export function orderOf({ view, sort }: ListQuery): (a: Row, b: Row, asOf: number) => number {
  if (view !== "mentions" && view !== "blocked") return orders[sort];
  const done = (row: Row) => Number(row.ticket.status === "resolved");
  return (a, b, asOf) => done(a) - done(b) || orders[sort](a, b, asOf);
}

/** Whether time alone changes what the list shows, or in which order. */
export const timed = (q: ListQuery) => q.sort === "window" || q.windows.length > 0;
