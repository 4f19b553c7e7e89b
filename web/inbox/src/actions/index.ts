import {
  AlarmClock, ArrowDown, CheckCheck, ContactRound, FileCheck, ListChecks, ListX, Printer, Trash2, ArrowLeft, ArrowUp, CircleCheck, CircleHelp, Flag, Gauge, Inbox, Keyboard, Mail, MailOpen, Merge, MessageSquareText, Moon, PanelLeft, PanelRight, Reply, RotateCcw, Rows3, Search,
  Settings, SquareCheck, StickyNote, Sun, Tag as TagIcon, UserMinus, UserPlus, UserRound, UsersRound, TextSearch, type LucideIcon,
} from "lucide-react";
import type { Availability, CustomAvailability, Id, Member, Mode, Row, Spec, Tag, Team, ViewName } from "../api/types.ts";
import type { Key, T } from "../i18n/index.tsx";
import { serves } from "../inbox/serves.ts";
import { priorities } from "../list/query.ts";
import { setTheme } from "../preferences/theme.ts";
import type { Section } from "../settings/sections.ts";
import { snoozePresets } from "./snooze.ts";
import type { BulkWork } from "./bulk.ts";
import type { TicketWork, TransferTarget } from "./ticket.ts";

/** What the inbox's screens let actions do. */
export interface Controls {
  move(by: 1 | -1): void;
  open(): void;
  back(): void;
  compose(mode: Mode): void;
  /** Opens the choice of templates. */
  template(): void;
  toggle(pane: "nav" | "list" | "customer"): void;
  toggleDensity(): void;
  view(view: ViewName): void;
  settings(page?: Section["to"], field?: string): void;
  contacts(): void;
  board(): void;
  transcript(): void;
  deleteTicket(): void;
  remind(): void;
  mergeTicket(): void;
  macro(): void;
  help(): void;
  /** Opens the palette, or the choices of one action; `many`: about what is selected. */
  palette(action?: string, many?: boolean): void;
  find(): void;
  /** Searches in the open conversation. */
  findHere(): void;
  /** Asks for a time; `many`: for all that are selected. */
  snoozeUntil(many?: boolean): void;
  transferWithNote(): void;
  undo(): void;
  availability(value: Availability): void;
  /** Selects the row or lets go of it. */
  select(): void;
  /** Moves on and selects on the way. */
  extend(by: 1 | -1): void;
  selectAll(): void;
  deselect(): void;
}

/** What an action may look at and use. */
export interface ActionContext {
  /** The conversation that is open, or marked in the list. */
  row: Row | undefined;
  /** What is selected, where the action may be about many (keys, palette, the selection's own bar); else none. */
  selected: readonly Row[];
  me: Id;
  can: (permission: string) => boolean;
  members: readonly Member[];
  /** The workspace's own statuses; none while nobody has one. */
  availabilities: readonly CustomAvailability[];
  teams: readonly Team[];
  tags: readonly Tag[];
  specs: readonly Spec[];
  work: TicketWork;
  bulk: BulkWork;
  inbox: Controls;
  t: T;
  moment: (at: Date) => string;
  /** The viewer's, "" = the browser's. */
  zone: string;
  /** The viewer is on another page than the inbox: there is no list and nothing is open. */
  elsewhere?: boolean;
}

/** One of the answers to an action that asks. */
export interface Choice {
  id: string;
  label: string;
  hint?: string;
  checked?: boolean;
  run: () => void;
  /** For small signs beside the label. */
  member?: Member;
  tag?: Tag;
}

export type ActionGroup = "ticket" | "write" | "go" | "select" | "view" | "you";

/** What an action does when several conversations are selected (G1.10). */
export interface Bulk {
  /** Beside ticket.assign_others (J3). */
  needs: "ticket.take" | "conversation.reply" | "conversation.read";
  /** Whether it means anything to at least one of them. */
  any: (row: Row, c: ActionContext) => boolean;
  run?: (c: ActionContext) => void;
  choices?: (c: ActionContext) => Choice[];
}

/** A command as data: menus, keys and the palette all read it. It has `run`, or `choices` to pick from. */
export interface Action {
  id: string;
  label: Key;
  icon: LucideIcon;
  group: ActionGroup;
  /** Names of keys, see keyName; the first one is shown. */
  keys?: readonly string[];
  /** Whether it makes sense now; always if left out. */
  when?: (c: ActionContext) => boolean;
  run?: (c: ActionContext) => void;
  choices?: (c: ActionContext) => Choice[];
  /** Several choices may be on; picking one keeps the list open. */
  many?: boolean;
  bulk?: Bulk;
  /** Keys that also work while writing. */
  whileWriting?: boolean;
  /** What it moves or shows is in the inbox alone. */
  inboxOnly?: boolean;
}

const held = (c: ActionContext, permission: string) => c.row !== undefined && c.can(permission);
const status = (c: ActionContext) => c.row?.ticket.status;
const resolved = (c: ActionContext) => status(c) === "resolved";
/** Whether the viewer may decide about a case: it is nobody's or theirs, or they assign others' (J3). */
export const decides = (row: Row | undefined, me: Id, can: ActionContext["can"]): boolean => can("ticket.assign_others") || !othersWork(row, me);
const decided = (c: ActionContext, permission: string) => held(c, permission) && decides(c.row, c.me, c.can);
/** Whether the open case is somebody else's work that the viewer may step into (E21). */
const others = (c: ActionContext) => held(c, "conversation.monitor") && othersWork(c.row, c.me);
const joined = (c: ActionContext) => c.row?.ticket.joined_ids?.includes(c.me) ?? false;
/** What is news to the viewer and read can be made unread again (G2.7). */
const mayBeUnread = (row: Row) => row.concerns && row.last_inbound_seq > 0 && row.unread === 0;
const withRow = (run: (row: Row, c: ActionContext) => void) => (c: ActionContext) => {
  if (c.row) run(c.row, c);
};

/** Whether the customer's channel has templates that a provider approved, and the customer may be written to. */
const writesTemplates = ({ row, specs }: ActionContext) =>
  specs.some(({ kind, capabilities }) => kind === row?.channel_kind && capabilities.templates) && !row?.contact.blocked && !row?.standing?.opted_out_at;

/** Whether somebody else works on a case. */
export const othersWork = (row: Row | undefined, me: Id): boolean => Boolean(row?.ticket.assignee_id) && row?.ticket.assignee_id !== me && row?.ticket.status !== "resolved";

/** How a colleague is there for some cases: their status by its name, and that a channel of them is not theirs (E4). */
const standing = (c: ActionContext, member: Member, rows: readonly Row[]) => {
  const own = c.availabilities.find(({ id }) => id === member.custom_availability_id);
  const availability = own?.name ?? c.t(`availability.${member.availability}`);
  return rows.every((row) => serves(member, row.channel_id)) ? availability : c.t("people.elsewhere", { availability });
};

/** Whether the viewer may hand the case to whom they like: it is theirs, or they assign others (J3). */
const gives = (c: ActionContext) => c.can("ticket.assign_others") || c.row?.ticket.assignee_id === c.me;

/** Teams first, then people: all a case can be handed to. */
export const transferTargets = (c: ActionContext): (Omit<Choice, "run"> & { hint: string; checked: boolean; to: TransferTarget })[] => [
  ...c.teams.map((team) => ({ id: `team-${team.id}`, label: team.name, hint: c.t("transfer.team"), checked: c.row?.ticket.team_id === team.id, to: { kind: "team" as const, id: team.id } })),
  ...c.members
    .filter((member) => member.answers && member.user_id !== c.row?.ticket.assignee_id && (gives(c) || member.user_id === c.me))
    .sort((a, b) => a.name.localeCompare(b.name))
    .map((member) => ({ id: `person-${member.user_id}`, label: member.name, hint: standing(c, member, c.row ? [c.row] : []), checked: false, member, to: { kind: "person" as const, id: member.user_id } })),
];

const always = () => true;
const unresolved = ({ ticket }: Row) => ticket.status !== "resolved";

/** The people who can have cases, the viewer first. */
const assignees = (c: ActionContext, rows: readonly Row[], assign: (to: Id) => void): Choice[] =>
  c.members
    .filter((member) => member.answers)
    .sort((a, b) => Number(b.user_id === c.me) - Number(a.user_id === c.me) || a.name.localeCompare(b.name))
    .map((member) => ({
      id: String(member.user_id),
      label: member.user_id === c.me ? c.t("people.me", { name: member.name }) : member.name,
      hint: standing(c, member, rows),
      checked: rows.length > 0 && rows.every(({ ticket }) => ticket.assignee_id === member.user_id),
      member,
      run: () => assign(member.user_id),
    }));

const snoozes = (c: ActionContext, snooze: (until: Date) => void, ask: () => void): Choice[] => [
  ...snoozePresets(new Date(), c.zone).map(({ id, label, until }) => ({ id, label: c.t(label), hint: c.moment(until), run: () => snooze(until) })),
  { id: "custom", label: c.t("snooze.custom"), run: ask },
];

const ticketActions: Action[] = [
  { id: "resolve", label: "do.resolve", icon: CircleCheck, group: "ticket", keys: ["e"], when: (c) => decided(c, "conversation.reply") && !resolved(c), run: withRow((row, c) => void c.work.resolve(row)),
    bulk: { needs: "conversation.reply", any: unresolved, run: (c) => void c.bulk.resolve(c.selected) } },
  { id: "reopen", label: "do.reopen", icon: RotateCcw, group: "ticket", keys: ["Shift+E"], when: (c) => held(c, "conversation.reply") && resolved(c), run: withRow((row, c) => void c.work.reopen(row)),
    bulk: { needs: "conversation.reply", any: ({ ticket }) => ticket.status === "resolved", run: (c) => void c.bulk.reopen(c.selected) } },
  {
    id: "take", label: "do.take", icon: UserPlus, group: "ticket", keys: ["i"],
    when: (c) => decided(c, "ticket.take") && !resolved(c) && c.row?.ticket.assignee_id !== c.me,
    run: withRow((row, c) => void (othersWork(row, c.me) ? c.work.assign(row, c.me) : c.work.take(row))), // a colleague's is not there to be taken
    bulk: { needs: "ticket.take", any: (row, c) => unresolved(row) && row.ticket.assignee_id !== c.me, run: (c) => void c.bulk.assign(c.selected, c.me) },
  },
  {
    id: "assign", label: "do.assign", icon: UserRound, group: "ticket", keys: ["a"],
    when: (c) => decided(c, "ticket.take") && !resolved(c),
    choices: (c) => assignees(c, c.row ? [c.row] : [], (to) => c.row && void c.work.assign(c.row, to)).filter(({ member }) => gives(c) || member?.user_id === c.me),
    bulk: { needs: "ticket.take", any: unresolved, choices: (c) => assignees(c, c.selected, (to) => void c.bulk.assign(c.selected, to)) },
  },
  {
    id: "unassign", label: "do.unassign", icon: UserMinus, group: "ticket",
    when: (c) => decided(c, "ticket.take") && !resolved(c) && Boolean(c.row?.ticket.assignee_id),
    run: withRow((row, c) => void c.work.assign(row, 0)),
    bulk: { needs: "ticket.take", any: (row) => unresolved(row) && Boolean(row.ticket.assignee_id), run: (c) => void c.bulk.assign(c.selected, 0) },
  },
  {
    id: "transfer", label: "do.transfer", icon: UsersRound, group: "ticket", keys: ["Shift+A"],
    when: (c) => decided(c, "ticket.take") && !resolved(c) && transferTargets(c).length > 0,
    choices: (c) => [
      { id: "note", label: c.t("transfer.with_note"), run: () => c.inbox.transferWithNote() },
      ...transferTargets(c).map(({ id, label, hint, checked, member, to }) => ({ id, label, hint, checked, ...(member ? { member } : {}), run: () => c.row && void c.work.transfer(c.row, to) })),
    ],
    bulk: {
      needs: "ticket.take",
      any: (row, c) => unresolved(row) && c.teams.length > 0,
      choices: (c) => c.teams.map((team) => ({ id: `team-${team.id}`, label: team.name, checked: c.selected.every(({ ticket }) => ticket.team_id === team.id), run: () => void c.bulk.transfer(c.selected, team.id) })),
    },
  },
  {
    id: "priority", label: "do.priority", icon: Flag, group: "ticket", keys: ["p"],
    when: (c) => decided(c, "ticket.take"),
    choices: (c) => priorities.map((priority) => ({ id: priority, label: c.t(`priority.${priority}`), checked: c.row?.ticket.priority === priority, run: () => c.row && void c.work.setPriority(c.row, priority) })),
    bulk: {
      needs: "ticket.take",
      any: always,
      choices: (c) => priorities.map((priority) => ({ id: priority, label: c.t(`priority.${priority}`), checked: c.selected.every(({ ticket }) => ticket.priority === priority), run: () => void c.bulk.setPriority(c.selected, priority) })),
    },
  },
  {
    id: "tag", label: "do.tag", icon: TagIcon, group: "ticket", keys: ["l"], many: true,
    when: (c) => held(c, "ticket.take") && c.tags.length > 0,
    choices: (c) =>
      c.tags.map((tag) => {
        const mine = c.row?.ticket.tag_ids ?? [];
        const on = mine.includes(tag.id);
        return { id: String(tag.id), label: tag.name, checked: on, tag, run: () => c.row && void c.work.setTags(c.row, on ? mine.filter((id) => id !== tag.id) : [...mine, tag.id]) };
      }),
    bulk: {
      needs: "ticket.take",
      any: (_, c) => c.tags.length > 0,
      choices: (c) =>
        c.tags.map((tag) => {
          const count = c.selected.filter(({ ticket }) => ticket.tag_ids?.includes(tag.id)).length;
          const all = count === c.selected.length;
          return { id: String(tag.id), label: tag.name, checked: all, ...(count > 0 && !all ? { hint: c.t("bulk.some", { count, all: c.selected.length }) } : {}), tag, run: () => void c.bulk.tag(c.selected, tag, !all) };
        }),
    },
  },
  {
    id: "snooze", label: "do.snooze", icon: AlarmClock, group: "ticket", keys: ["s"],
    when: (c) => decided(c, "conversation.reply") && ["open", "pending", "snoozed"].includes(status(c) ?? ""),
    choices: (c) => snoozes(c, (until) => c.row && void c.work.snooze(c.row, until), () => c.inbox.snoozeUntil()),
    bulk: { needs: "conversation.reply", any: unresolved, choices: (c) => snoozes(c, (until) => void c.bulk.snooze(c.selected, until), () => c.inbox.snoozeUntil(true)) },
  },
  { id: "wake", label: "do.wake", icon: Sun, group: "ticket", when: (c) => decided(c, "conversation.reply") && status(c) === "snoozed", run: withRow((row, c) => void c.work.wake(row)),
    bulk: { needs: "conversation.reply", any: ({ ticket }) => ticket.status === "snoozed", run: (c) => void c.bulk.wake(c.selected) } },
  { id: "pending", label: "do.pending", icon: SquareCheck, group: "ticket", when: (c) => decided(c, "conversation.reply") && status(c) === "open", run: withRow((row, c) => void c.work.turn(row, "pending")) },
  { id: "open_again", label: "do.open_again", icon: Inbox, group: "ticket", when: (c) => decided(c, "conversation.reply") && status(c) === "pending", run: withRow((row, c) => void c.work.turn(row, "open")) },
  { id: "unread", label: "do.unread", icon: Mail, group: "ticket", keys: ["Shift+U"], when: (c) => c.row !== undefined && mayBeUnread(c.row), run: withRow((row, c) => void c.work.markUnread(row)),
    bulk: { needs: "conversation.read", any: mayBeUnread, run: (c) => void c.bulk.markRead(c.selected, false) } },
  { id: "read", label: "do.read", icon: MailOpen, group: "ticket", when: (c) => c.row !== undefined && c.row.unread > 0, run: withRow((row, c) => void c.work.markRead(row)),
    bulk: { needs: "conversation.read", any: (row) => row.unread > 0, run: (c) => void c.bulk.markRead(c.selected, true) } },
  { id: "macro", label: "do.macro", icon: ListChecks, group: "ticket", keys: ["m"], when: (c) => held(c, "conversation.reply"), run: (c) => c.inbox.macro() },
  { id: "find_here", label: "do.find_here", icon: TextSearch, group: "ticket", keys: ["Shift+F"], when: (c) => c.row !== undefined, run: (c) => c.inbox.findHere() },
  { id: "transcript", label: "do.transcript", icon: Printer, group: "ticket", when: (c) => c.row !== undefined, run: (c) => c.inbox.transcript() },
  { id: "remind", label: "do.remind", icon: AlarmClock, group: "ticket", keys: ["Shift+S"], when: (c) => c.row !== undefined, run: (c) => c.inbox.remind() },
  { id: "merge_ticket", label: "do.merge_ticket", icon: Merge, group: "ticket", when: (c) => c.row !== undefined && decided(c, "ticket.take"), run: (c) => c.inbox.mergeTicket() },
  { id: "delete_ticket", label: "do.delete_ticket", icon: Trash2, group: "ticket", when: (c) => held(c, "message.delete"), run: (c) => c.inbox.deleteTicket() },
];

const superviseActions: Action[] = [
  { id: "join", label: "do.join", icon: UsersRound, group: "write", keys: ["Shift+I"], when: (c) => others(c) && !joined(c), run: withRow((row, c) => void c.work.join(row, true)) },
  { id: "leave", label: "do.leave", icon: UserMinus, group: "write", when: (c) => others(c) && joined(c), run: withRow((row, c) => void c.work.join(row, false)) },
  { id: "take_over", label: "do.take_over", icon: UserPlus, group: "ticket", keys: ["Shift+O"], when: others, run: withRow((row, c) => void c.work.takeOver(row)) },
];

const writeActions: Action[] = [
  { id: "reply", label: "do.reply", icon: Reply, group: "write", keys: ["r"], when: (c) => held(c, "conversation.reply"), run: (c) => c.inbox.compose("reply") },
  { id: "template", label: "do.template", icon: FileCheck, group: "write", keys: ["t"], when: (c) => held(c, "template.send") && writesTemplates(c), run: (c) => c.inbox.template() },
  { id: "note", label: "do.note", icon: StickyNote, group: "write", keys: ["n"], when: (c) => held(c, "conversation.reply"), run: (c) => c.inbox.compose("note") },
];

const go = (view: ViewName, label: Key, ...keys: string[]): Action => ({ id: `go_${view}`, label, icon: Inbox, group: "go", keys: keys.map((key) => `g ${key}`), run: (c) => c.inbox.view(view) });

const goActions: Action[] = [
  go("mine", "go.mine", "i"),
  go("unassigned", "go.unassigned", "u"),
  go("all", "go.all", "a"),
  go("waiting", "go.waiting", "w"),
  go("replied", "go.replied"),
  go("mentions", "go.mentions", "m"),
  go("failed", "go.failed", "f"),
  go("snoozed", "go.snoozed", "s"),
  go("resolved", "go.resolved", "r"),
  go("blocked", "go.blocked"),
  { id: "next", label: "do.next", icon: ArrowDown, group: "go", keys: ["j", "ArrowDown"], inboxOnly: true, run: (c) => c.inbox.move(1) },
  { id: "previous", label: "do.previous", icon: ArrowUp, group: "go", keys: ["k", "ArrowUp"], inboxOnly: true, run: (c) => c.inbox.move(-1) },
  { id: "open", label: "do.open", icon: MessageSquareText, group: "go", keys: ["o", "Enter"], when: (c) => c.row !== undefined, run: (c) => c.inbox.open() },
  { id: "back", label: "do.back", icon: ArrowLeft, group: "go", keys: ["u", "Escape"], inboxOnly: true, run: (c) => c.inbox.back() },
  { id: "contacts", label: "nav.contacts", icon: ContactRound, group: "go", keys: ["g c"], run: (c) => c.inbox.contacts() },
  { id: "board", label: "nav.board", icon: Gauge, group: "go", keys: ["g b"], when: (c) => c.can("conversation.monitor"), run: (c) => c.inbox.board() },
  { id: "settings", label: "nav.settings", icon: Settings, group: "go", keys: ["g ,"], run: (c) => c.inbox.settings() },
];

const maySelect = (c: ActionContext) => c.can("ticket.assign_others");

const selectActions: Action[] = [
  { id: "select", label: "do.select", icon: CheckCheck, group: "select", keys: ["x"], when: (c) => maySelect(c) && c.row !== undefined, run: (c) => c.inbox.select() },
  { id: "extend_next", label: "do.extend_next", icon: ArrowDown, group: "select", keys: ["Shift+J"], when: (c) => maySelect(c) && c.row !== undefined, run: (c) => c.inbox.extend(1) },
  { id: "extend_previous", label: "do.extend_previous", icon: ArrowUp, group: "select", keys: ["Shift+K"], when: (c) => maySelect(c) && c.row !== undefined, run: (c) => c.inbox.extend(-1) },
  { id: "select_all", label: "do.select_all", icon: ListChecks, group: "select", keys: ["Shift+X"], inboxOnly: true, when: maySelect, run: (c) => c.inbox.selectAll() },
  { id: "deselect", label: "do.deselect", icon: ListX, group: "select", when: (c) => c.selected.length > 0, run: (c) => c.inbox.deselect() },
];

const viewActions: Action[] = [
  { id: "toggle_list", label: "do.toggle_list", icon: PanelLeft, group: "view", keys: ["["], inboxOnly: true, run: (c) => c.inbox.toggle("list") },
  { id: "toggle_customer", label: "do.toggle_customer", icon: PanelRight, group: "view", keys: ["]"], inboxOnly: true, run: (c) => c.inbox.toggle("customer") },
  { id: "density", label: "do.density", icon: Rows3, group: "view", keys: ["d"], inboxOnly: true, run: (c) => c.inbox.toggleDensity() },
  { id: "theme_light", label: "theme.light", icon: Sun, group: "view", run: () => setTheme("light") },
  { id: "theme_dark", label: "theme.dark", icon: Moon, group: "view", run: () => setTheme("dark") },
  { id: "theme_auto", label: "theme.auto", icon: Sun, group: "view", run: () => setTheme("auto") },
  { id: "find", label: "find.title", icon: Search, group: "view", keys: ["/"], run: (c) => c.inbox.find() },
  { id: "undo", label: "action.undo", icon: RotateCcw, group: "view", keys: ["z"], run: (c) => c.inbox.undo() },
  { id: "help", label: "nav.help", icon: Keyboard, group: "view", keys: ["?"], run: (c) => c.inbox.help() },
  { id: "palette", label: "nav.palette", icon: CircleHelp, group: "view", keys: ["Mod+k"], whileWriting: true, run: (c) => c.inbox.palette() },
];

const you = (value: Availability): Action => ({ id: `be_${value}`, label: `do.be.${value}`, icon: UserRound, group: "you", run: (c) => c.inbox.availability(value) });

/** Every command there is. */
export const actions: readonly Action[] = [...ticketActions, ...superviseActions, ...writeActions, ...goActions, ...selectActions, ...viewActions, ...(["online", "transfer_only", "away", "offline"] as const).map(you)];

export const actionById = (id: string) => actions.find((action) => action.id === id);
/** What the action does to what is selected, if it is about that here. */
const inBulk = (action: Action, c: ActionContext): Bulk | undefined => (c.selected.length > 0 && action.group === "ticket" ? action.bulk : undefined);

/** Whether an action makes sense now. While several are selected, only what can be done to all of them is done to a ticket. */
export function possible(action: Action, c: ActionContext): boolean {
  if (action.inboxOnly && c.elsewhere) return false;
  if (c.selected.length === 0 || action.group !== "ticket") return action.when?.(c) ?? true;
  const bulk = action.bulk;
  return bulk !== undefined && maySelect(c) && c.can(bulk.needs) && c.selected.some((row) => bulk.any(row, c));
}

/** What an action asks, if it asks. */
export function choicesOf(action: Action, c: ActionContext): Choice[] | undefined {
  const bulk = inBulk(action, c);
  return bulk ? bulk.choices?.(c) : action.choices?.(c);
}

/** Whether an action asks before it does anything. */
export const asks = (action: Action, c: ActionContext): boolean => (inBulk(action, c) ?? action).choices !== undefined;

/** Whether an action is impossible only because the case is a colleague's to decide about (J3). */
export function ofColleague(action: Action, c: ActionContext): boolean {
  if (c.selected.length > 0 || possible(action, c) || decides(c.row, c.me, c.can)) return false;
  return possible(action, { ...c, can: (permission) => permission === "ticket.assign_others" || c.can(permission) });
}

/** Does an action, or asks for its choice in the palette. */
export function invoke(action: Action, c: ActionContext): void {
  if (!possible(action, c)) return;
  if (asks(action, c)) c.inbox.palette(action.id, inBulk(action, c) !== undefined);
  else (inBulk(action, c) ?? action).run?.(c);
}
