import { Autocomplete as Base } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { useQuery } from "@tanstack/react-query";
import { Check, ChevronLeft, ChevronRight, Search, UsersRound } from "lucide-react";
import { useCallback, useDeferredValue, useMemo, useRef, useState, type ReactNode, type RefObject } from "react";
import { actionById, actions, asks, choicesOf, invoke, possible, type Action, type ActionContext } from "../actions/index.ts";
import { fetchRows } from "../api/desk.ts";
import { savedViewsQuery } from "../api/saved.ts";
import { useSession } from "../api/session.ts";
import type { Found, Row } from "../api/types.ts";
import { find } from "../find/api.ts";
import { useLanguage, useRoom, type Key } from "../i18n/index.tsx";
import { cleared } from "../inbox/action-context.ts";
import type { Reach } from "../inbox/overlays.tsx";
import type { InboxSearch } from "../inbox/search.ts";
import { contactName } from "../list/row.tsx";
import { usePreferences } from "../preferences/index.ts";
import { useKeyHint } from "../preferences/keys.ts";
import { searchOf } from "../saved/filter.ts";
import { iconOf } from "../saved/icons.ts";
import { Avatar } from "../ui/avatar.tsx";
import { BackCloses } from "../ui/back-closes.tsx";
import { tagColors } from "../ui/badge.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { named, normalise, rank } from "./match.ts";
import { fieldHash, fields } from "../settings/fields.ts";
import { needed, sections } from "../settings/sections.ts";

interface Item {
  id: string;
  label: string;
  /** More words to find it by. */
  words?: string;
  hint?: string;
  icon?: ReactNode;
  keys?: string | undefined;
  checked?: boolean;
  deeper?: boolean;
  stays?: boolean;
  run: () => void;
}

interface Group {
  value: string;
  items: Item[];
}

const mostRecent = 4;
const mostSettings = 8;

/**
 * Every command, conversation and settings page by typing; `start` begins at the choices of one action. `held`: what was typed
 * before this was here. `many`: what is done is done to what is selected.
 */
export default function Palette({ start, held, many, reach, onClose }: { start: string | undefined; held: RefObject<() => string>; many: boolean; reach: Reach; onClose: () => void }) {
  const { t } = useLanguage();
  const [at, setAt] = useState(start);
  const [typed, setTyped] = useState("");
  const input = useRef<HTMLInputElement>(null);
  // What was typed between the first drawing and the box itself belongs to it, too.
  const arrives = useCallback(
    (box: HTMLInputElement | null) => {
      input.current = box;
      if (box) setTyped(held.current());
    },
    [held],
  );
  const action = at ? actionById(at) : undefined;
  const context = many ? reach.commands : reach.actions;
  const groups = useGroups(typed, action, context, reach);

  const choose = (item: Item) => {
    if (item.deeper) {
      setAt(item.id);
      setTyped("");
      return;
    }
    if (!item.stays) onClose();
    requestAnimationFrame(() => item.run()); // after the focus went back
  };

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-shade" />
        <Dialog.Popup initialFocus={input} aria-label={t("nav.palette")} className="popup fixed top-[12dvh] left-1/2 z-40 flex max-h-[70dvh] w-[min(36rem,calc(100vw-1.5rem))] -translate-x-1/2 flex-col overflow-hidden">
          <BackCloses close={onClose} />
          <Base.Root<Group>
            open
            inline
            autoHighlight="always"
            keepHighlight
            items={groups}
            filter={null}
            value={typed}
            onValueChange={(value) => setTyped(value)}
            itemToStringValue={() => typed}
          >
            <div className="flex items-center gap-2 border-b border-line px-3">
              {action ? (
                <button type="button" onClick={() => setAt(undefined)} aria-label={t("action.back")} className="inline-flex min-h-7 items-center gap-1 rounded bg-press px-1.5 text-xs">
                  <ChevronLeft size={13} aria-hidden />
                  {t(action.label)}
                </button>
              ) : (
                <Search size={16} aria-hidden className="shrink-0 text-faint" />
              )}
              <Base.Input
                ref={arrives}
                aria-label={t("palette.placeholder")}
                placeholder={t(action ? "palette.choose" : "palette.placeholder")}
                onKeyDown={(event) => {
                  if (event.key === "Backspace" && typed === "" && at) setAt(undefined);
                }}
                className="min-h-12 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-faint"
              />
              <Kbd>Esc</Kbd>
            </div>
            <Base.Empty className="px-4 py-6 text-center text-sm text-muted empty:hidden">{t("ui.none_found")}</Base.Empty>
            <Base.List className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-1.5">
              {(group: Group) => (
                <Base.Group key={group.value} items={group.items}>
                  {group.value && <Base.GroupLabel className="px-2 pt-2 pb-1 text-xs text-faint">{group.value}</Base.GroupLabel>}
                  <Base.Collection>
                    {(item: Item) => (
                      <Base.Item key={item.id} value={item} onClick={() => choose(item)} className="choice">
                        {item.icon && <span className="grid size-5 shrink-0 place-items-center text-muted">{item.icon}</span>}
                        <bdi className="min-w-0 truncate">{item.label}</bdi>
                        {item.hint && <span className="min-w-0 flex-1 truncate text-xs text-faint">{item.hint}</span>}
                        <span className="flex-1" />
                        {item.checked && <Check size={14} aria-hidden className="text-accent" />}
                        {item.keys && <Kbd>{item.keys}</Kbd>}
                        {item.deeper && <ChevronRight size={14} aria-hidden className="text-faint" />}
                      </Base.Item>
                    )}
                  </Base.Collection>
                </Base.Group>
              )}
            </Base.List>
          </Base.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** What is offered for what was typed. */
function useGroups(typed: string, action: Action | undefined, context: ActionContext, { show, go }: Reach): Group[] {
  const { t } = useLanguage();
  const { zone } = useSession().user;
  const [preferences, prefer] = usePreferences();
  const query = useDeferredValue(typed.trim());
  const found = useConversations(action ? "" : query);
  const key = useKeyHint();
  const texts = [useRoom("settings"), useRoom("telling")].every(Boolean);
  const words = useRoom("words");
  const views = useRoom("saved");
  const { data: saved } = useQuery(savedViewsQuery);

  return useMemo(() => {
    const reading = (id: string) => (words ? t(`words.${id}` as Key) : "");
    const choices = action && choicesOf(action, context);
    if (action && choices) {
      const items = choices.map((choice): Item => ({
        id: choice.id,
        label: choice.label,
        run: choice.run,
        ...(choice.hint ? { hint: choice.hint } : {}),
        ...(choice.checked ? { checked: true } : {}),
        ...(action.many ? { stays: true } : {}),
        ...(choice.member ? { icon: <Avatar name={choice.member.name} id={choice.member.user_id} url={choice.member.avatar_url} size={20} availability={choice.member.availability} /> } : {}),
        ...(choice.tag ? { icon: <span className="size-2 rounded-full" style={{ background: tagColors[choice.tag.color] ?? tagColors[""] }} /> } : {}),
      }));
      return [{ value: "", items: rank(items, query) }];
    }
    const used = preferences.recent_actions;
    const commands = actions
      .filter((one) => possible(one, context) && one.id !== "palette")
      .map((one): Item => {
        const Icon = one.icon;
        return {
          id: one.id,
          label: t(one.label),
          words: `${reading(one.id)} ${one.id}`,
          icon: <Icon size={16} aria-hidden />,
          keys: key(one.id),
          ...(asks(one, context) ? { deeper: true } : {}),
          run: () => {
            prefer({ recent_actions: [one.id, ...used.filter((id) => id !== one.id)].slice(0, 12) });
            invoke(one, context);
          },
        };
      });
    const settings = sections
      .filter((section) => needed(section) === "" || context.can(needed(section)))
      .map((section): Item => ({ id: `settings-${section.id}`, label: t(`settings.${section.id}.title`), words: `${texts ? t(`settings.${section.id}.words`) : ""} ${section.id}`, run: () => context.inbox.settings(section.to) }));
    const inSettings = texts
      ? fields.flatMap((field): Item[] => {
          const section = sections.find(({ id }) => id === field.in);
          const title = section && t(`settings.${section.id}.title`);
          if (!section || field.in === "keys" || (needed(section) !== "" && !context.can(needed(section)))) return []; // every command is found as itself
          return [{ id: `field-${field.in}-${field.label}`, label: t(field.label), hint: title ?? "", run: () => context.inbox.settings(section.to, fieldHash(field)) }];
        })
      : [];
    const conversations = [
      ...found.rows.map((row): Item => {
        const name = contactName(row.contact.name, t);
        return { id: `row-${row.id}`, label: name, hint: `#${row.ticket.number} ${row.preview.text}`, icon: <Avatar name={name} id={row.contact.id} url={row.contact.avatar_url} size={20} />, run: () => show(row.id, true) };
      }),
      ...found.contacts.flatMap((contact): Item[] => {
        const name = contactName(contact.name, t);
        const id = contact.conversation_id;
        return id ? [{ id: `contact-${contact.id}`, label: name, hint: contact.field === "name" ? contact.email || contact.phone : contact.text, icon: <Avatar name={name} id={contact.id} size={20} />, run: () => show(id, true) }] : [];
      }),
      ...found.conversations.map(({ row, hits: [hit] }): Item => {
        const name = contactName(row.contact.name, t);
        return {
          id: `found-${row.id}`, label: name, hint: hit?.kind === "ticket" ? `#${row.ticket.number} ${row.preview.text}` : (hit?.text ?? ""), icon: <Avatar name={name} id={row.contact.id} url={row.contact.avatar_url} size={20} />,
          run: () => go({ c: String(row.id), m: hit?.seq ? String(hit.seq) : undefined } as InboxSearch),
        };
      }),
    ];
    const queues = context.teams.map((team): Item => ({ id: `team-${team.id}`, label: team.name, hint: t("transfer.team"), icon: <UsersRound size={16} aria-hidden />, run: () => go({ ...cleared, view: "team", team_id: String(team.id) }) }));
    const kept = (views && saved ? saved : []).map((view): Item => {
      const Icon = iconOf(view.icon);
      return { id: `saved-${view.id}`, label: view.name, icon: <Icon size={16} aria-hidden />, run: () => go(searchOf(view, zone)) };
    });
    const everywhere: Item[] = query ? [{ id: "find-everywhere", label: t("find.everywhere", { text: query }), icon: <Search size={16} aria-hidden />, run: () => go({ find: "all", q: query } as InboxSearch) }] : [];
    const recent = query ? [] : used.flatMap((id) => commands.find((one) => one.id === id) ?? []).slice(0, mostRecent);
    const many = context.selected.length;
    const fitting: Group = { value: many > 0 ? t("palette.commands_many", { count: many }) : t("palette.commands"), items: rank(commands.filter((one) => !recent.includes(one)), query) };
    const byName = fitting.items[0] !== undefined && named(fitting.items[0], query); // Enter after a command's name runs the command
    const groups: Group[] = [
      { value: t("palette.recent"), items: recent },
      ...(byName ? [fitting] : []),
      { value: t("palette.conversations"), items: conversations },
      { value: t("find.title"), items: everywhere },
      ...(byName ? [] : [fitting]),
      { value: t("view.teams"), items: query ? rank(queues, query) : [] },
      { value: t("saved.title"), items: query ? rank(kept, query) : [] },
      { value: t("nav.settings"), items: query ? rank([...settings, ...inSettings], query).slice(0, mostSettings) : [] },
    ];
    return groups.filter(({ items }) => items.length > 0);
  }, [action, context, query, found, preferences.recent_actions, prefer, show, zone, go, t, key, texts, words, views, saved]);
}

interface Offered extends Pick<Found, "contacts" | "conversations"> {
  rows: Row[];
}

const none: Offered = { rows: [], contacts: [], conversations: [] };

/** Contacts and conversations that fit; without words, the latest ones. */
function useConversations(query: string): Offered {
  const key = normalise(query);
  const { data } = useQuery({
    queryKey: ["palette", key],
    queryFn: async ({ signal }): Promise<Offered> => {
      if (!key) return { ...none, rows: (await fetchRows({ view: "all", limit: 5 }, signal)).items };
      return { rows: [], ...(await find({ q: query, limit: 6 }, signal)) };
    },
    staleTime: 15_000,
    placeholderData: (before) => before ?? none,
  });
  return data ?? none;
}
