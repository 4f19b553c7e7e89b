import { Link } from "@tanstack/react-router";
import { AlarmClock, CircleCheck, Ellipsis, RotateCcw, Tag as TagIcon, UserRound, X } from "lucide-react";
import { useEffect, useMemo, useRef, type ReactElement } from "react";
import { actionById, asks, invoke, possible } from "../actions/index.ts";
import { useLanguage, useT } from "../i18n/index.tsx";
import { useInbox } from "../inbox/context.tsx";
import type { InboxSearch } from "../inbox/search.ts";
import type { List } from "../live/lists.ts";
import { useKeyHint } from "../preferences/keys.ts";
import { ActionChoices } from "../thread/action-choices.tsx";
import { IconButton } from "../ui/button.tsx";
import { Menu, MenuItem, MenuSeparator, Submenu } from "../ui/menu.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { useToast } from "../ui/toast.tsx";
import { contactName } from "./row.tsx";
import { mostSelected, type Failure } from "./selection.ts";
import { useRows, useSelected } from "./use-selection.ts";

/** What is selected and what can be done with it, in the place of the list's header. */
export default function SelectionHeader({ list }: { list: List | undefined }) {
  const { t } = useLanguage();
  const { selection, commands } = useInbox();
  const { ids, busy, failures } = useSelected(selection);
  const loaded = list?.ids ?? [];
  const elsewhere = ids.filter((id) => !loaded.includes(id));
  useDeleted();

  return (
    <section
      aria-label={t("select.label")}
      data-selection
      className="shrink-0"
    >
      <div className="flex min-h-13 flex-wrap items-center gap-0.5 border-b border-line bg-accent-soft pr-2 pl-3">
        <AllLoaded loaded={loaded} />
        <output className="min-w-16 flex-1 truncate pl-1 text-sm font-medium tabular-nums">{busy > 0 ? t("select.busy", { count: busy }) : t("select.count", { count: ids.length })}</output>
        {busy > 0 && <Spinner />}
        {ids.length > 0 && <Commands />}
        <IconButton label={t("do.deselect")} shortcut="Esc" onClick={() => commands.inbox.deselect()}>
          <X size={16} aria-hidden />
        </IconButton>
      </div>
      {elsewhere.length > 0 && (
        <p className="flex items-center gap-2 border-b border-line px-3 py-1.5 text-xs text-muted">
          <span className="min-w-0 flex-1">{t("select.elsewhere", { count: elsewhere.length })}</span>
          <button type="button" onClick={() => selection.drop(elsewhere)} className="min-h-6 shrink-0 rounded px-1.5 underline hover:text-ink">
            {t("select.drop")}
          </button>
        </p>
      )}
      {failures.length > 0 && <Failures failures={failures} />}
    </section>
  );
}

/** Selects everything that is loaded, or nothing. */
function AllLoaded({ loaded }: { loaded: readonly number[] }) {
  const t = useT();
  const { selection, commands } = useInbox();
  const { ids, has } = useSelected(selection);
  const count = loaded.filter((id) => has.has(id)).length;
  const all = count > 0 && count === Math.min(loaded.length, mostSelected);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = ids.length > 0 && !all;
  }, [ids, all]);
  return (
    <label className="grid size-8 shrink-0 place-items-center rounded hover:bg-hover" title={t("do.select_all")}>
      <input ref={box} type="checkbox" className="size-4 accent-accent-fill" aria-label={t("do.select_all")} checked={all} onChange={() => (all ? selection.drop(ids) : commands.inbox.selectAll())} />
    </label>
  );
}

const quick = [
  { id: "resolve", icon: CircleCheck },
  { id: "assign", icon: UserRound },
  { id: "tag", icon: TagIcon },
  { id: "snooze", icon: AlarmClock },
] as const;
const more = ["reopen", "wake", "take", "unassign", "transfer", "priority", "read", "unread"] as const;

/** The commands for what is selected: the usual ones at hand, the others in a menu. */
function Commands() {
  const t = useT();
  const { commands } = useInbox();
  const key = useKeyHint();
  const usable = (id: string) => {
    const action = actionById(id);
    return action && possible(action, commands) ? action : undefined;
  };
  const rest = more.flatMap((id) => usable(id) ?? []);
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- buttons of one bar, no form
    <span role="group" aria-label={t("select.commands")} className="flex">
      {quick.map(({ id, icon: Icon }) => {
        const action = usable(id) ?? (id === "resolve" ? usable("reopen") : undefined);
        if (!action) return null;
        const Sign = action.id === "reopen" ? RotateCcw : Icon;
        const button = (
          <IconButton label={t(action.label)} shortcut={key(action.id)}>
            <Sign size={16} aria-hidden />
          </IconButton>
        );
        return asks(action, commands) ? <Asking key={id} id={action.id} trigger={button} /> : <IconButton key={id} label={t(action.label)} shortcut={key(action.id)} onClick={() => invoke(action, commands)}><Sign size={16} aria-hidden /></IconButton>;
      })}
      {rest.length > 0 && (
        <Menu
          align="end"
          trigger={
            <IconButton label={t("select.more")}>
              <Ellipsis size={16} aria-hidden />
            </IconButton>
          }
        >
          {rest.map((action) =>
            asks(action, commands) ? (
              <Submenu key={action.id} label={t(action.label)}>
                <ActionChoices id={action.id} many />
              </Submenu>
            ) : (
              <MenuItem key={action.id} icon={<action.icon size={15} aria-hidden />} shortcut={key(action.id)} onSelect={() => invoke(action, commands)}>
                {t(action.label)}
              </MenuItem>
            ),
          )}
          <MenuSeparator />
          <MenuItem shortcut={key("select_all")} onSelect={() => commands.inbox.selectAll()}>
            {t("do.select_all")}
          </MenuItem>
        </Menu>
      )}
    </span>
  );
}

function Asking({ id, trigger }: { id: string; trigger: ReactElement<Record<string, unknown>> }) {
  return (
    <Menu align="end" trigger={trigger}>
      <ActionChoices id={id} many />
    </Menu>
  );
}

/** What a bulk action could not change, with the way to each. */
function Failures({ failures }: { failures: readonly Failure[] }) {
  const { t } = useLanguage();
  const { selection } = useInbox();
  const ids = useMemo(() => failures.map(({ id }) => id), [failures]);
  const rows = useRows(ids);
  return (
    <div role="alert" className="border-b border-line bg-warn-soft text-sm">
      <div className="flex items-center gap-2 py-1 pr-2 pl-3">
        <h3 className="min-w-0 flex-1 font-medium">{t("select.failed", { count: failures.length })}</h3>
        <IconButton label={t("action.dismiss")} size="sm" onClick={() => selection.fail([])}>
          <X size={14} aria-hidden />
        </IconButton>
      </div>
      <ul className="max-h-40 overflow-y-auto px-3 pb-2">
        {failures.map(({ id, reason }) => {
          const row = rows.find((one) => one.id === id);
          return (
            <li key={id} className="py-1">
              {row && (
                <Link to="/" search={(now: InboxSearch) => ({ ...now, c: String(id) })} className="mr-2 inline-block min-h-6 font-medium text-ink underline">
                  <bdi>{contactName(row.contact.name, t)}</bdi> <span className="tabular-nums">{`#${row.ticket.number}`}</span>
                </Link>
              )}
              <span className="text-muted">{reason}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Lets go of conversations that were deleted, and says so. */
function useDeleted(): void {
  const t = useT();
  const toast = useToast();
  const { selection } = useInbox();
  const { ids } = useSelected(selection);
  const rows = useRows(ids);
  useEffect(() => {
    const there = new Set(rows.map(({ id }) => id));
    const gone = ids.filter((id) => !there.has(id));
    if (gone.length === 0) return;
    selection.drop(gone);
    toast.say(t("select.deleted", { count: gone.length }));
  }, [ids, rows, selection, toast, t]);
}
