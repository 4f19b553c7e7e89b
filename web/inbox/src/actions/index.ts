import {
  AlarmClock, ArrowDown, ContactRound, Printer, Trash2, ArrowLeft, ArrowUp, CircleCheck, CircleHelp, Flag, Inbox, Keyboard, Mail, MailOpen, MessageSquareText, Moon, PanelLeft, PanelRight, Reply, RotateCcw, Rows3, Search,
  Settings, SquareCheck, StickyNote, Sun, Tag as TagIcon, UserMinus, UserPlus, UserRound, UsersRound, type LucideIcon,
} from "lucide-react";
import type { Availability, Id, Member, Mode, Row, Tag, Team, ViewName } from "../api/types.ts";
import type { Key, T } from "../i18n/index.tsx";
import { priorities } from "../list/query.ts";
import { setTheme } from "../preferences/theme.ts";
import type { Section } from "../settings/sections.ts";
import { snoozePresets } from "./snooze.ts";
import type { TicketWork, TransferTarget } from "./ticket.ts";

/** What the inbox's screens let actions do. */
export interface Controls {
  move(by: 1 | -1): void;
  open(): void;
  back(): void;
  compose(mode: Mode): void;
  toggle(pane: "nav" | "list" | "customer"): void;
  toggleDensity(): void;
  view(view: ViewName): void;
  settings(page?: Section["to"], field?: string): void;
  contacts(): void;
  transcript(): void;
  deleteTicket(): void;
  help(): void;
  palette(action?: string): void;
  find(): void;
  snoozeUntil(): void;
  transferWithNote(): void;
  undo(): void;
  availability(value: Availability): void;
}

/** What an action may look at and use. */
export interface ActionContext {
  /** The conversation that is open, or marked in the list. */
  row: Row | undefined;
  me: Id;
  can: (permission: string) => boolean;
  members: readonly Member[];
  teams: readonly Team[];
  tags: readonly Tag[];
  work: TicketWork;
  inbox: Controls;
  t: T;
  moment: (at: Date) => string;
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

export type ActionGroup = "ticket" | "write" | "go" | "view" | "you";

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
  /** Keys that also work while writing. */
  whileWriting?: boolean;
}

const held = (c: ActionContext, permission: string) => c.row !== undefined && c.can(permission);
const status = (c: ActionContext) => c.row?.ticket.status;
const resolved = (c: ActionContext) => status(c) === "resolved";
const withRow = (run: (row: Row, c: ActionContext) => void) => (c: ActionContext) => {
  if (c.row) run(c.row, c);
};

/** Teams first, then people: all a case can be handed to. */
export const transferTargets = (c: ActionContext): (Omit<Choice, "run"> & { hint: string; checked: boolean; to: TransferTarget })[] => [
  ...c.teams.map((team) => ({ id: `team-${team.id}`, label: team.name, hint: c.t("transfer.team"), checked: c.row?.ticket.team_id === team.id, to: { kind: "team" as const, id: team.id } })),
  ...c.members
    .filter((member) => member.active && member.role !== "viewer" && member.user_id !== c.row?.ticket.assignee_id)
    .sort((a, b) => a.name.localeCompare(b.name))
    .map((member) => ({ id: `person-${member.user_id}`, label: member.name, hint: c.t(`availability.${member.availability}`), checked: false, member, to: { kind: "person" as const, id: member.user_id } })),
];

const ticketActions: Action[] = [
  { id: "resolve", label: "do.resolve", icon: CircleCheck, group: "ticket", keys: ["e"], when: (c) => held(c, "conversation.reply") && !resolved(c), run: withRow((row, c) => void c.work.resolve(row)) },
  { id: "reopen", label: "do.reopen", icon: RotateCcw, group: "ticket", keys: ["Shift+E"], when: (c) => held(c, "conversation.reply") && resolved(c), run: withRow((row, c) => void c.work.reopen(row)) },
  {
    id: "take", label: "do.take", icon: UserPlus, group: "ticket", keys: ["i"],
    when: (c) => held(c, "ticket.take") && !resolved(c) && c.row?.ticket.assignee_id !== c.me,
    run: withRow((row, c) => void c.work.take(row)),
  },
  {
    id: "assign", label: "do.assign", icon: UserRound, group: "ticket", keys: ["a"],
    when: (c) => held(c, "ticket.take") && !resolved(c),
    choices: (c) =>
      c.members
        .filter((member) => member.active && member.role !== "viewer")
        .sort((a, b) => Number(b.user_id === c.me) - Number(a.user_id === c.me) || a.name.localeCompare(b.name))
        .map((member) => ({
          id: String(member.user_id),
          label: member.user_id === c.me ? c.t("people.me", { name: member.name }) : member.name,
          hint: c.t(`availability.${member.availability}`),
          checked: c.row?.ticket.assignee_id === member.user_id,
          member,
          run: () => c.row && void c.work.assign(c.row, member.user_id),
        })),
  },
  {
    id: "unassign", label: "do.unassign", icon: UserMinus, group: "ticket",
    when: (c) => held(c, "ticket.take") && !resolved(c) && Boolean(c.row?.ticket.assignee_id),
    run: withRow((row, c) => void c.work.assign(row, 0)),
  },
  {
    id: "transfer", label: "do.transfer", icon: UsersRound, group: "ticket", keys: ["Shift+A"],
    when: (c) => held(c, "ticket.take") && !resolved(c) && transferTargets(c).length > 0,
    choices: (c) => [
      { id: "note", label: c.t("transfer.with_note"), run: () => c.inbox.transferWithNote() },
      ...transferTargets(c).map(({ id, label, hint, checked, member, to }) => ({ id, label, hint, checked, ...(member ? { member } : {}), run: () => c.row && void c.work.transfer(c.row, to) })),
    ],
  },
  {
    id: "priority", label: "do.priority", icon: Flag, group: "ticket", keys: ["p"],
    when: (c) => held(c, "ticket.take"),
    choices: (c) => priorities.map((priority) => ({ id: priority, label: c.t(`priority.${priority}`), checked: c.row?.ticket.priority === priority, run: () => c.row && void c.work.setPriority(c.row, priority) })),
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
  },
  {
    id: "snooze", label: "do.snooze", icon: AlarmClock, group: "ticket", keys: ["s"],
    when: (c) => held(c, "conversation.reply") && ["open", "pending", "snoozed"].includes(status(c) ?? ""),
    choices: (c) => [
      ...snoozePresets(new Date()).map(({ id, label, until }) => ({ id, label: c.t(label), hint: c.moment(until), run: () => c.row && void c.work.snooze(c.row, until) })),
      { id: "custom", label: c.t("snooze.custom"), run: () => c.inbox.snoozeUntil() },
    ],
  },
  { id: "wake", label: "do.wake", icon: Sun, group: "ticket", when: (c) => held(c, "conversation.reply") && status(c) === "snoozed", run: withRow((row, c) => void c.work.wake(row)) },
  { id: "pending", label: "do.pending", icon: SquareCheck, group: "ticket", when: (c) => held(c, "conversation.reply") && status(c) === "open", run: withRow((row, c) => void c.work.turn(row, "pending")) },
  { id: "open_again", label: "do.open_again", icon: Inbox, group: "ticket", when: (c) => held(c, "conversation.reply") && status(c) === "pending", run: withRow((row, c) => void c.work.turn(row, "open")) },
  { id: "unread", label: "do.unread", icon: Mail, group: "ticket", keys: ["Shift+U"], when: (c) => c.row !== undefined && c.row.last_inbound_seq > 0 && c.row.unread === 0, run: withRow((row, c) => void c.work.markUnread(row)) },
  { id: "read", label: "do.read", icon: MailOpen, group: "ticket", when: (c) => c.row !== undefined && c.row.unread > 0, run: withRow((row, c) => void c.work.markRead(row)) },
  { id: "transcript", label: "do.transcript", icon: Printer, group: "ticket", when: (c) => c.row !== undefined, run: (c) => c.inbox.transcript() },
  { id: "delete_ticket", label: "do.delete_ticket", icon: Trash2, group: "ticket", when: (c) => held(c, "message.delete"), run: (c) => c.inbox.deleteTicket() },
];

const writeActions: Action[] = [
  { id: "reply", label: "do.reply", icon: Reply, group: "write", keys: ["r"], when: (c) => held(c, "conversation.reply"), run: (c) => c.inbox.compose("reply") },
  { id: "note", label: "do.note", icon: StickyNote, group: "write", keys: ["n"], when: (c) => held(c, "conversation.reply"), run: (c) => c.inbox.compose("note") },
];

const go = (view: ViewName, label: Key, key: string): Action => ({ id: `go_${view}`, label, icon: Inbox, group: "go", keys: [`g ${key}`], run: (c) => c.inbox.view(view) });

const goActions: Action[] = [
  go("mine", "go.mine", "i"),
  go("unassigned", "go.unassigned", "u"),
  go("all", "go.all", "a"),
  go("waiting", "go.waiting", "w"),
  go("snoozed", "go.snoozed", "s"),
  go("resolved", "go.resolved", "r"),
  { id: "next", label: "do.next", icon: ArrowDown, group: "go", keys: ["j", "ArrowDown"], run: (c) => c.inbox.move(1) },
  { id: "previous", label: "do.previous", icon: ArrowUp, group: "go", keys: ["k", "ArrowUp"], run: (c) => c.inbox.move(-1) },
  { id: "open", label: "do.open", icon: MessageSquareText, group: "go", keys: ["o", "Enter"], when: (c) => c.row !== undefined, run: (c) => c.inbox.open() },
  { id: "back", label: "do.back", icon: ArrowLeft, group: "go", keys: ["u", "Escape"], run: (c) => c.inbox.back() },
  { id: "contacts", label: "nav.contacts", icon: ContactRound, group: "go", keys: ["g c"], run: (c) => c.inbox.contacts() },
  { id: "settings", label: "nav.settings", icon: Settings, group: "go", keys: ["g ,"], run: (c) => c.inbox.settings() },
];

const viewActions: Action[] = [
  { id: "toggle_list", label: "do.toggle_list", icon: PanelLeft, group: "view", keys: ["["], run: (c) => c.inbox.toggle("list") },
  { id: "toggle_customer", label: "do.toggle_customer", icon: PanelRight, group: "view", keys: ["]"], run: (c) => c.inbox.toggle("customer") },
  { id: "density", label: "do.density", icon: Rows3, group: "view", keys: ["d"], run: (c) => c.inbox.toggleDensity() },
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
export const actions: readonly Action[] = [...ticketActions, ...writeActions, ...goActions, ...viewActions, ...(["online", "transfer_only", "away", "offline"] as const).map(you)];

export const actionById = (id: string) => actions.find((action) => action.id === id);
export const possible = (action: Action, c: ActionContext) => action.when?.(c) ?? true;

/** Does an action, or asks for its choice in the palette. */
export function invoke(action: Action, c: ActionContext): void {
  if (!possible(action, c)) return;
  if (action.choices) c.inbox.palette(action.id);
  else action.run?.(c);
}
