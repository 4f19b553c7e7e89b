import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { ChevronDown, Search, X } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { dayBefore } from "../i18n/days.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useInbox } from "../inbox/context.tsx";
import { useKnownChannels } from "../inbox/directory.tsx";
import { channelLabel } from "../list/channel-icon.tsx";
import type { InboxSearch } from "../inbox/search.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty.tsx";
import { Menu, MenuRadio } from "../ui/menu.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { findQuery, kinds, together, wanted, type FindKind } from "./api.ts";
import { FoundContacts, FoundConversations } from "./results.tsx";

/** How long typing rests before it is looked for, ms. */
const restMs = 200;

/** Search in place of the list: what is looked for stands in the address, so that a reload and a colleague see the same. */
export default function FindPane() {
  const { t } = useLanguage();
  const { search, query, go } = useInbox();
  const ask = wanted(search);
  const found = useInfiniteQuery({ ...findQuery(ask, query.zone), placeholderData: keepPreviousData });
  const { contacts, conversations } = together(ask.text ? (found.data?.pages ?? []) : []);
  const count = contacts.length + conversations.length;
  const { hasNextPage, isFetching, fetchNextPage } = found;

  useEffect(() => {
    if (ask.text && count === 0 && hasNextPage && !isFetching) void fetchNextPage(); // a page may be empty and yet not the last
  }, [ask.text, count, hasNextPage, isFetching, fetchNextPage]);

  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- arrow keys go from one result to the next
    <div className="flex min-h-0 flex-1 flex-col" onKeyDown={walk}>
      <h2 className="sr-only">{t("find.title")}</h2>
      <FindField key="field" text={search.q ?? ""} onText={(q) => go({ q } as InboxSearch, { replace: true })} onClose={() => go(closed)} />
      <FindFilters />
      <div className="min-h-0 flex-1 overflow-y-auto" aria-busy={isFetching}>
        <output className="sr-only">
          {ask.text && !isFetching ? t("find.count", { count }) : ""}
        </output>
        {!ask.text ? (
          <EmptyState icon={<Search size={22} aria-hidden />} title={t("find.start")}>
            {t("find.hint")}
          </EmptyState>
        ) : found.isError ? (
          <EmptyState title={t("find.failed")} actions={<Button onClick={() => void found.refetch()}>{t("action.retry")}</Button>}>
            {found.error.message}
          </EmptyState>
        ) : count > 0 ? (
          <>
            {contacts.length > 0 && <FoundContacts found={contacts} />}
            {conversations.length > 0 && <FoundConversations found={conversations} heading={contacts.length > 0} />}
            {hasNextPage && (
              <div className="grid place-items-center p-3">
                <Button look="quiet" busy={found.isFetchingNextPage} onClick={() => void fetchNextPage()}>
                  {t("find.more")}
                </Button>
              </div>
            )}
          </>
        ) : isFetching || hasNextPage ? (
          <div className="grid place-items-center p-8 text-muted">
            <Spinner />
          </div>
        ) : (
          <EmptyState title={t("find.none", { text: ask.text })}>{t([...ask.text.normalize("NFKC")].length === 1 ? "find.one_character" : "find.none_hint")}</EmptyState>
        )}
      </div>
    </div>
  );
}

/** An address without search. */
const closed = { find: undefined, q: undefined, in: undefined, from: undefined } as unknown as InboxSearch;

/** Up and down go from the field through the results. */
function walk(event: KeyboardEvent<HTMLElement>) {
  if ((event.key !== "ArrowDown" && event.key !== "ArrowUp") || event.nativeEvent.isComposing) return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("#find-field, [data-found]")];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? undefined : stops[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** Takes words; those of an input method count once they are chosen (G4.3). */
function FindField({ text, onText, onClose }: { text: string; onText: (text: string) => void; onClose: () => void }) {
  const { t } = useLanguage();
  const [typed, setTyped] = useState(text);
  const composing = useRef(false);
  const field = useRef<HTMLInputElement>(null);
  const told = useRef(text);
  const timer = useRef(0);
  const tell = (value: string, at = restMs) => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      told.current = value;
      onText(value);
    }, at);
  };
  useEffect(() => field.current?.focus(), []);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (text === told.current) return; // the address changed by itself: back, forward, a link
    told.current = text;
    setTyped(text);
  }, [text]);

  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- <search> is not known everywhere yet
    <div role="search" className="flex min-h-13 shrink-0 items-center gap-2 border-b border-line pr-2 pl-3">
      <Search size={16} aria-hidden className="shrink-0 text-faint" />
      <input
        ref={field}
        id="find-field"
        type="text"
        enterKeyHint="search"
        autoComplete="off"
        maxLength={200}
        aria-label={t("find.title")}
        placeholder={t("find.placeholder")}
        value={typed}
        onCompositionStart={() => (composing.current = true)}
        onCompositionEnd={(event) => {
          composing.current = false;
          tell(event.currentTarget.value);
        }}
        onChange={(event) => {
          setTyped(event.target.value);
          if (!composing.current) tell(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Enter") tell(typed, 0);
          if (event.key === "Escape") {
            event.preventDefault();
            onClose();
          }
        }}
        className="min-h-10 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-faint"
      />
      <IconButton label={t("find.close")} shortcut="Esc" onClick={onClose}>
        <X size={16} aria-hidden />
      </IconButton>
    </div>
  );
}

/** Narrows what is found; each says what it stands at. */
function FindFilters() {
  const { t } = useLanguage();
  const { search, query, go } = useInbox();
  const channels = useKnownChannels();
  const { kind, channel, since } = wanted(search);
  const change = (by: InboxSearch) => go(by, { replace: true });
  const times = [{ value: "", label: t("find.any_time") }, ...[0, 6, 29].map((days) => ({ value: dayBefore(days, query.zone), label: t(days === 0 ? "filter.today" : days === 6 ? "filter.week" : "filter.month") }))];
  const named = channels.find(({ id }) => String(id) === channel);
  return (
    <div className="flex shrink-0 flex-wrap gap-1 border-b border-line px-2 py-1.5">
      <Menu trigger={<Filter label={t("find.kind")} value={t(`find.kind.${kind}`)} on={kind !== "all"} />}>
        <MenuRadio<FindKind> value={kind} onChange={(value) => change({ find: value })} options={kinds.map((value) => ({ value, label: t(`find.kind.${value}`) }))} />
      </Menu>
      {(channels.length > 1 || channel) && (
        <Menu trigger={<Filter label={t("filter.channel")} value={named ? channelLabel(t, named) : t("find.any_channel")} on={channel !== ""} />}>
          <MenuRadio
            value={channel}
            onChange={(value) => change({ in: value || undefined } as InboxSearch)}
            options={[{ value: "", label: t("find.any_channel") }, ...channels.map((one) => ({ value: String(one.id), label: channelLabel(t, one) }))]}
          />
        </Menu>
      )}
      <Menu trigger={<Filter label={t("filter.since")} value={times.find(({ value }) => value === since)?.label ?? since} on={since !== ""} />}>
        <MenuRadio value={since} onChange={(value) => change({ from: value || undefined } as InboxSearch)} options={times} />
      </Menu>
    </div>
  );
}

function Filter({ label, value, on, ...rest }: { label: string; value: string; on: boolean }) {
  return (
    <Button {...rest} look="quiet" size="sm" aria-label={`${label}: ${value}`} className={on ? "text-accent" : "text-muted"}>
      <bdi className="max-w-32 truncate">{value}</bdi>
      <ChevronDown size={12} aria-hidden />
    </Button>
  );
}
