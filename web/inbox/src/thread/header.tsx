import { ArrowLeft, AlarmClock, CircleCheck, Ellipsis, PanelLeftOpen, PanelRight, RotateCcw, UserRound } from "lucide-react";
import { actionById, actions, possible, type Action } from "../actions/index.ts";
import type { Id, Row } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useInbox } from "../inbox/context.tsx";
import { useMember, useMembers, useTags, useTeams } from "../inbox/directory.tsx";
import { useLive } from "../live/context.tsx";
import { useViewing } from "../live/hooks.ts";
import { ChannelIcon } from "../list/channel-icon.tsx";
import { contactName, PriorityFlag } from "../list/row.tsx";
import { usePreferences } from "../preferences/index.ts";
import { useKeyHint } from "../preferences/keys.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Badge, TagChip } from "../ui/badge.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { Menu, MenuItem, MenuSeparator } from "../ui/menu.tsx";
import { ActionChoices } from "./action-choices.tsx";
import { StatusBadge } from "./status-badge.tsx";

interface HeaderProps {
  row: Row;
  phone: boolean;
  customerShown: boolean;
  onCustomer: () => void;
}

/** Who the conversation is with, the case's state, and what can be done with it. */
export function ThreadHeader({ row, phone, customerShown, onCustomer }: HeaderProps) {
  const { t } = useLanguage();
  const { close, actions: context, invoke } = useInbox();
  const [preferences] = usePreferences();
  const { ticket } = row;
  const done = ticket.status === "resolved";
  const key = useKeyHint();
  const run = (id: string) => {
    const action = actionById(id);
    if (action) invoke(action);
  };
  const can = (id: string) => {
    const action = actionById(id);
    return action !== undefined && possible(action, context);
  };
  return (
    <header className="yields shrink-0 border-b border-line">
      <div className="@container flex min-h-13 items-center gap-1 pr-2 pl-3">
        {phone ? (
          <IconButton label={t("action.back")} className="-ml-2" onClick={close}>
            <ArrowLeft size={18} aria-hidden />
          </IconButton>
        ) : (
          !preferences.list_open && (
            <IconButton label={t("list.show")} shortcut={key("toggle_list")} className="-ml-1" onClick={() => context.inbox.toggle("list")}>
              <PanelLeftOpen size={16} aria-hidden />
            </IconButton>
          )
        )}
        <span className="flex text-muted">
          <ChannelIcon kind={row.channel_kind} id={row.channel_id} size={16} />
        </span>
        <h2 id="thread-title" tabIndex={-1} className="min-w-24 shrink-99 truncate rounded-sm px-1 text-base font-semibold outline-offset-2">
          <bdi>{contactName(row.contact.name, t)}</bdi>
        </h2>
        <span className="flex-1" />
        <Viewers id={row.id} />
        {!phone && (
          <>
            <Assignee row={row} />
            {can("snooze") && (
              <Menu
                align="end"
                trigger={
                  <IconButton label={t("do.snooze")} shortcut={key("snooze")}>
                    <AlarmClock size={16} aria-hidden />
                  </IconButton>
                }
              >
                <ActionChoices id="snooze" />
              </Menu>
            )}
          </>
        )}
        {can("resolve") && (
          <Button look={phone ? "quiet" : "plain"} onClick={() => run("resolve")} aria-label={t("do.resolve")} title={key("resolve")}>
            <CircleCheck size={15} aria-hidden />
            {!phone && t("do.resolve")}
          </Button>
        )}
        {done && can("reopen") && (
          <Button onClick={() => run("reopen")} title={key("reopen")}>
            <RotateCcw size={15} aria-hidden />
            {t("do.reopen")}
          </Button>
        )}
        <MoreMenu phone={phone} />
        <IconButton label={t(customerShown ? "pane.hide_customer" : "pane.show_customer")} shortcut={key("toggle_customer")} pressed={customerShown} onClick={onCustomer}>
          {phone ? <UserRound size={17} aria-hidden /> : <PanelRight size={16} aria-hidden />}
        </IconButton>
      </div>
      <CaseLine row={row} phone={phone} />
    </header>
  );
}

/** The case in one line: number, status, team, priority, tags; each opens its choices. On a phone first who has it: above is no room. */
function CaseLine({ row, phone }: { row: Row; phone: boolean }) {
  const { t } = useLanguage();
  const teams = useTeams();
  const tags = useTags();
  const { ticket } = row;
  const team = teams.find((one) => one.id === ticket.team_id);
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-x-2 gap-y-0.5 px-4 pb-1.5 text-xs text-muted">
      {phone && <Assignee row={row} line />}
      <span className="tabular-nums">{`#${ticket.number}`}</span>
      <StatusBadge ticket={ticket} />
      <Quick id="transfer" label={t("do.transfer")} show={team !== undefined}>
        <bdi>{team?.name}</bdi>
      </Quick>
      <Quick id="priority" label={t("do.priority")} show>
        <PriorityFlag priority={ticket.priority} label={t(`priority.${ticket.priority}`)} />
        {t(`priority.${ticket.priority}`)}
      </Quick>
      <Quick id="tag" label={t("do.tag")} show={tags.length > 0}>
        {tags.filter((tag) => ticket.tag_ids?.includes(tag.id)).map((tag) => <TagChip key={tag.id} name={tag.name} color={tag.color} />)}
        {!ticket.tag_ids?.length && t("ticket.add_tag")}
      </Quick>
    </div>
  );
}

const quick = "reach inline-flex min-h-6 items-center gap-1 rounded-sm px-1 hover:bg-hover hover:text-ink data-[popup-open]:bg-hover pointer-coarse:min-h-8";

/** A value of the case that opens the choices of an action, or only shows it where that is not allowed. */
function Quick({ id, label, show, children }: { id: string; label: string; show: boolean; children: React.ReactNode }) {
  const { actions: context } = useInbox();
  const action = actionById(id);
  if (!show) return null;
  if (!action || !possible(action, context)) return <span className="inline-flex items-center gap-1">{children}</span>;
  return (
    <Menu
      trigger={
        <button type="button" className={quick}>
          <span className="sr-only">{label}</span>
          {children}
        </button>
      }
    >
      <ActionChoices id={id} />
    </Menu>
  );
}

/** Who has the case, and to whom it can go; `line`: as a value of the case line. */
function Assignee({ row, line = false }: { row: Row; line?: boolean }) {
  const { t } = useLanguage();
  const { actions: context } = useInbox();
  const assignee = useMember(row.ticket.assignee_id);
  const action = actionById("assign");
  const take = actionById("take");
  const key = useKeyHint();
  const label = assignee ? assignee.name : t("people.nobody");
  const face = assignee ? <Avatar name={assignee.name} id={assignee.user_id} url={assignee.avatar_url} size={line ? 16 : 20} availability={assignee.availability} /> : <UserRound size={line ? 13 : 15} aria-hidden />;
  const who = <bdi className={`min-w-0 truncate ${line ? "max-w-28" : "max-w-20 @max-[28rem]:sr-only 2xl:max-w-32"}`}>{label}</bdi>;
  const named = (
    <>
      <span className="sr-only">{t("filter.assignee")}</span>
      {face} {who}
    </>
  );
  if (!action || !possible(action, context))
    return (
      <span className={line ? "inline-flex items-center gap-1" : "inline-flex items-center gap-1.5 px-2 text-sm text-muted"}>
        {face} {who}
      </span>
    );
  return (
    <Menu
      align={line ? "start" : "end"}
      trigger={
        line ? (
          <button type="button" className={quick}>
            {named}
          </button>
        ) : (
          <Button look="quiet" title={label} className="min-w-0 shrink! [&>span]:min-w-0">
            {named}
          </Button>
        )
      }
    >
      {take && possible(take, context) && (
        <>
          <MenuItem icon={<take.icon size={15} aria-hidden />} shortcut={key("take")} onSelect={() => take.run?.(context)}>
            {t(take.label)}
          </MenuItem>
          <MenuSeparator />
        </>
      )}
      <ActionChoices id="assign" />
    </Menu>
  );
}

/** Every ticket action that makes sense now, as a menu. */
function MoreMenu({ phone }: { phone: boolean }) {
  const { t } = useLanguage();
  const { actions: context, invoke } = useInbox();
  const key = useKeyHint();
  const shown = actions.filter((action) => action.group === "ticket" && possible(action, context) && (phone || !["resolve", "assign"].includes(action.id)));
  if (shown.length === 0) return null;
  const item = (action: Action) => (
    <MenuItem key={action.id} icon={<action.icon size={15} aria-hidden />} shortcut={key(action.id)} onSelect={() => invoke(action)}>
      {t(action.label)}
    </MenuItem>
  );
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={t("ticket.more")}>
          <Ellipsis size={16} aria-hidden />
        </IconButton>
      }
    >
      {shown.map(item)}
    </Menu>
  );
}

/** Colleagues who look at the same conversation. */
function Viewers({ id }: { id: Id }) {
  const { t } = useLanguage();
  const { desk } = useLive();
  const viewing = useViewing(id);
  const members = useMembers();
  const who = (viewing?.who ?? []).filter((one) => one.user_id !== desk.me).flatMap((one) => members.find((member) => member.user_id === one.user_id) ?? []);
  if (who.length === 0) return null;
  return (
    <ul aria-label={t("presence.viewers")} className="flex items-center -space-x-1.5 pr-1">
      {who.slice(0, 3).map((member) => (
        <li key={member.user_id} className="rounded-full ring-2 ring-surface">
          <span className="sr-only">{t("presence.viewing", { name: member.name })}</span>
          <Avatar name={member.name} id={member.user_id} url={member.avatar_url} size={24} title={t("presence.viewing", { name: member.name })} />
        </li>
      ))}
      {who.length > 3 && <li className="pl-2"><Badge>{`+${who.length - 3}`}</Badge></li>}
    </ul>
  );
}
