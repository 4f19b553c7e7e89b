import { useInfiniteQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDownWideNarrow, ListFilter, Search, UsersRound } from "lucide-react";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { contactsQuery, type ContactSearch } from "../api/contacts.ts";
import { usePermission } from "../api/session.ts";
import type { Contact, Id, Page } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useKnownChannels } from "../inbox/directory.tsx";
import { ChannelIcon, channelLabel } from "../list/channel-icon.tsx";
import { contactName } from "../list/row.tsx";
import { useLive } from "../live/context.tsx";
import { Avatar } from "../ui/avatar.tsx";
import { Badge } from "../ui/badge.tsx";
import { IconButton } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty.tsx";
import { Menu, MenuCheck, MenuRadio, MenuSeparator } from "../ui/menu.tsx";
import { Later, Skeleton } from "../ui/skeleton.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { textScale } from "../ui/text-scale.ts";
import { sentence } from "../ui/toast.tsx";
import { phoneShown } from "./phone.ts";

const usualHeight = 56; // px
const ahead = 20;
const typingMs = 250;

/** The contacts that the address asks for: searched, filtered, sorted, as many as there are. */
export function ContactList({ open }: { open: Id }) {
  const { t } = useLanguage();
  const search = useSearch({ from: "/signed-in/contacts" });
  const { data, error, isPending, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery(contactsQuery(search));
  const contacts = data?.pages.flatMap((page) => page.items ?? []) ?? [];
  useFresh(search);
  return (
    <>
      <Tools search={search} />
      <output className="sr-only">{!isPending && !hasNextPage ? t("contacts.count", { count: contacts.length }) : ""}</output>
      {isPending ? (
        <Bones />
      ) : error ? (
        <EmptyState title={t("contacts.failed")}>{sentence(t, error).text}</EmptyState>
      ) : contacts.length === 0 && !hasNextPage ? (
        <div id="contact-list" tabIndex={-1}>
          <EmptyState icon={<UsersRound size={28} aria-hidden />} title={t(search.show === "blocked" ? "contacts.nobody_blocked" : search.q || search.show || search.channel ? "ui.none_found" : "contacts.none")}>
            {!search.q && !search.show && !search.channel && t("contacts.none_hint")}
          </EmptyState>
        </div>
      ) : (
        <Rows key={JSON.stringify(search)} contacts={contacts} open={open} more={hasNextPage} busy={isFetching} onMore={fetchNextPage} />
      )}
    </>
  );
}

/** Search, filters and order. */
function Tools({ search }: { search: ContactSearch }) {
  const { t } = useLanguage();
  const navigate = useNavigate({ from: "/contacts" });
  const mayBlock = usePermission("identity.block");
  const channels = useKnownChannels();
  const [typed, setTyped] = useState(search.q ?? "");
  const composing = useRef(false);
  const go = (change: { [Name in keyof ContactSearch]?: ContactSearch[Name] | undefined }) => void navigate({ to: ".", search: (now: ContactSearch) => ({ ...now, ...change }) as ContactSearch, replace: true });
  const asked = useRef(go);
  useEffect(() => void (asked.current = go));
  useEffect(() => {
    if (typed.trim() === (search.q ?? "")) return;
    const timer = setTimeout(() => !composing.current && asked.current({ q: typed.trim() || undefined }), typingMs);
    return () => clearTimeout(timer);
  }, [typed, search.q]);
  const on = search.channel?.split(",") ?? [];
  const filtered = Boolean(search.show || search.channel);
  return (
    <div className="flex items-center gap-1 px-3 pb-2">
      <search className="relative min-w-0 flex-1">
        <Search size={15} aria-hidden className="absolute top-1/2 left-2.5 -translate-y-1/2 text-faint" />
        <input
          type="search"
          aria-label={t("contacts.search")}
          placeholder={t("contacts.search")}
          value={typed}
          onCompositionStart={() => void (composing.current = true)}
          onCompositionEnd={(event) => {
            composing.current = false;
            setTyped(event.currentTarget.value);
            asked.current({ q: event.currentTarget.value.trim() || undefined });
          }}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing || event.keyCode === 229) return;
            if (event.key === "ArrowDown" || event.key === "Enter") document.getElementById("contact-list")?.focus();
          }}
          className="field pl-8"
        />
      </search>
      <Menu
        align="end"
        trigger={
          <IconButton label={t("contacts.filter")} className={filtered ? "text-accent" : ""}>
            <ListFilter size={16} aria-hidden />
          </IconButton>
        }
      >
        <MenuRadio
          value={search.show ?? ""}
          onChange={(show) => go({ show: (show || undefined) as ContactSearch["show"] })}
          options={[
            { value: "", label: t("contacts.show.all") },
            { value: "open", label: t("contacts.show.open") },
            ...(mayBlock ? [{ value: "blocked", label: t("contacts.show.blocked") }] : []),
          ]}
        />
        {channels.length > 0 && <MenuSeparator />}
        {channels.map((channel) => (
          <MenuCheck
            key={channel.id}
            checked={on.includes(String(channel.id))}
            icon={<ChannelIcon kind={channel.kind} />}
            onChange={(checked) => go({ channel: (checked ? [...on, String(channel.id)] : on.filter((id) => id !== String(channel.id))).join() || undefined })}
          >
            <bdi>{channelLabel(t, channel)}</bdi>
          </MenuCheck>
        ))}
      </Menu>
      <Menu
        align="end"
        trigger={
          <IconButton label={t("contacts.sort")}>
            <ArrowDownWideNarrow size={16} aria-hidden />
          </IconButton>
        }
      >
        <MenuRadio
          value={search.sort ?? ""}
          onChange={(sort) => go({ sort: (sort || undefined) as ContactSearch["sort"] })}
          options={[
            { value: "", label: t("contacts.sort.newest") },
            { value: "name", label: t("contacts.sort.name") },
          ]}
        />
      </Menu>
    </div>
  );
}

interface RowsProps {
  contacts: readonly Contact[];
  open: Id;
  more: boolean;
  busy: boolean;
  onMore: () => unknown;
}

/** The lines, of which only those in sight are in the page. Arrow keys walk, Enter opens. */
function Rows({ contacts, open, more, busy, onMore }: RowsProps) {
  const { t } = useLanguage();
  const navigate = useNavigate({ from: "/contacts" });
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(-1);
  const active = at >= 0 ? at : Math.max(contacts.findIndex(({ id }) => id === open), 0);
  const height = useMemo(() => usualHeight * textScale(), []);
  // oxlint-disable-next-line react/incompatible-library -- the virtualiser keeps its own state; nothing here is compiled
  const virtual = useVirtualizer({
    count: contacts.length + (more ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => contacts[index]?.id ?? "more",
    overscan: 6,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && !busy && last >= contacts.length - ahead) onMore();
  }, [more, busy, last, contacts.length, onMore]);

  const show = (id: Id | undefined) => id && void navigate({ to: "/contacts/$id", params: { id: String(id) }, search: (now: ContactSearch) => now });
  const step = (to: number) => {
    const next = Math.min(Math.max(to, 0), contacts.length - 1);
    setAt(next);
    virtual.scrollToIndex(next, { align: "auto" });
  };
  const pressed = (event: KeyboardEvent) => {
    const move = { ArrowDown: active + 1, j: active + 1, ArrowUp: active - 1, k: active - 1, Home: 0, End: contacts.length - 1, PageDown: active + 8, PageUp: active - 8 }[event.key];
    if (move !== undefined && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      step(move);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      show(contacts[active]?.id);
    }
  };
  const shown = contacts[active];
  return (
    <div
      ref={scroller}
      id="contact-list"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- rich rows, of which few are in the page
      role="listbox"
      tabIndex={0}
      aria-label={t("nav.contacts")}
      aria-activedescendant={shown && items.some(({ index }) => index === active) ? `contact-${shown.id}` : undefined}
      onKeyDown={pressed}
      className="group min-h-0 flex-1 overflow-y-auto overscroll-contain focus-visible:-outline-offset-2"
    >
      <div style={{ height: virtual.getTotalSize() }} className="relative" role="presentation">
        {items.map((item) => {
          const contact = contacts[item.index];
          const style = { height: item.size, transform: `translateY(${item.start}px)` };
          if (!contact)
            return (
              <div key="more" style={style} role="presentation" className="absolute inset-x-0 top-0 grid place-items-center text-faint">
                {busy && <Spinner />}
              </div>
            );
          return (
            <Line
              key={contact.id}
              contact={contact}
              index={item.index}
              total={more ? -1 : contacts.length}
              style={style}
              selected={contact.id === open}
              active={item.index === active}
              onOpen={() => {
                setAt(item.index);
                show(contact.id);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

interface LineProps {
  contact: Contact;
  index: number;
  total: number;
  style: React.CSSProperties;
  selected: boolean;
  active: boolean;
  onOpen: () => void;
}

function Line({ contact, index, total, style, selected, active, onOpen }: LineProps) {
  const { t } = useLanguage();
  const name = contactName(contact.name, t);
  const kinds = [...new Set((contact.identities ?? []).map(({ kind }) => kind))];
  const blocked = (contact.identities ?? []).some((identity) => identity.blocked);
  const beneath = contact.email || phoneShown(contact.phone) || contact.external_id;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the listbox has the focus and the keys
    <div
      id={`contact-${contact.id}`}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a rich row
      role="option"
      aria-selected={selected}
      aria-posinset={index + 1}
      aria-setsize={total}
      style={style}
      onClick={onOpen}
      className={`absolute inset-x-0 top-0 flex cursor-default items-center gap-3 px-4 ${selected ? "bg-accent-soft" : "hover:bg-hover"} ${active ? "group-focus-visible:inset-ring-2 group-focus-visible:inset-ring-accent" : ""}`}
    >
      <Avatar name={name} id={contact.id} size={32} />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-1.5">
          <bdi className="truncate font-medium">{name}</bdi>
          {blocked && <Badge look="danger">{t("customer.blocked")}</Badge>}
          {contact.open_case && <Badge look="soft">{t("contacts.open_case")}</Badge>}
        </p>
        {beneath && <bdi className="block truncate text-xs text-muted">{beneath}</bdi>}
      </div>
      <span className="flex shrink-0 gap-1 text-faint">
        {kinds.map((kind) => (
          <ChannelIcon key={kind} kind={kind} />
        ))}
      </span>
    </div>
  );
}

/** Keeps the list in step with live news: changed contacts in place, new ones at the next reading. */
function useFresh(search: ContactSearch): void {
  const { listen } = useLive();
  const queries = useQueryClient();
  useEffect(() => {
    const { queryKey } = contactsQuery(search);
    return listen((patch) => {
      const { contact } = patch;
      if (patch.kind === "contact.created" || patch.kind === "contact.deleted" || patch.kind.startsWith("identity.")) return void queries.invalidateQueries({ queryKey });
      if (!contact) return;
      queries.setQueryData<InfiniteData<Page<Contact>>>(queryKey, (now) => {
        if (!now?.pages.some((page) => page.items?.some(({ id }) => id === contact.id))) return now;
        const changed = (one: Contact) => (one.id === contact.id ? { ...contact, ...(one.open_case ? { open_case: true } : {}) } : one);
        return { ...now, pages: now.pages.map((page) => ({ ...page, items: (page.items ?? []).map(changed) })) };
      });
    });
  }, [listen, queries, search]);
}

function Bones() {
  return (
    <div className="flex flex-col gap-4 px-4 py-2" aria-busy>
      <Later>
        {Array.from({ length: 8 }, (_, i) => (
          <div key={i} className="flex items-center gap-3">
            <Skeleton className="size-8 rounded-full" />
            <Skeleton className="h-3 flex-1" />
          </div>
        ))}
      </Later>
    </div>
  );
}
