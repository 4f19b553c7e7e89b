import { ArrowDownWideNarrow, ListFilter } from "lucide-react";
import { lazy, Suspense, useState, type ReactNode } from "react";
import type { Sort } from "../api/types.ts";
import { dayBefore } from "../i18n/days.ts";
import { useLanguage, useRoom, useT } from "../i18n/index.tsx";
import { useListing } from "../inbox/context.tsx";
import { useChannels, useDirectoryRead, useKnownChannels, useMembers, useSpecs, useTags, useTeams } from "../inbox/directory.tsx";
import type { InboxSearch } from "../inbox/search.ts";
import { useLive } from "../live/context.tsx";
import { IconButton } from "../ui/button.tsx";
import { tagColors } from "../ui/badge.tsx";
import { Menu, MenuCheck, MenuItem, MenuRadio, MenuSeparator, Submenu } from "../ui/menu.tsx";
import { channelLabel } from "./channel-icon.tsx";
import { withGone } from "./gone.ts";
import { filterCount, priorities, promises, sorts, statuses, windows } from "./query.ts";
import { cleared } from "../inbox/action-context.ts";

const Period = lazy(() => import("./period.tsx"));
const SavedForm = lazy(() => import("../saved/form.tsx"));

/** What the list is filtered by, and its order. */
export default function ListMenus() {
  return (
    <>
      <FilterMenu />
      <SortMenu />
    </>
  );
}

/** A kind of filter: the name in the address, its heading and its values. */
export interface FilterKind {
  name: "channel" | "status" | "assignee" | "team" | "tag" | "priority" | "window" | "sla" | "language" | "contact" | "attachment";
  label: string;
  values: { value: string; label: string; icon?: ReactNode }[];
}

/** The languages that are always there to choose from, beside those in which somebody wrote. */
const languages = ["ja", "en", "zh", "ko", "vi", "th", "id", "es", "pt", "fr", "de"];

/** Every kind of filter with the values that exist here, and those that are on and gone, to be taken off (0.10). */
export function useFilterKinds(): FilterKind[] {
  const { t, locale } = useLanguage();
  const tags = useTags();
  const teams = useTeams();
  const members = useMembers();
  const channels = useKnownChannels();
  const windowed = useWindowed();
  const { desk } = useLive();
  const { query, search } = useListing();
  const read = useDirectoryRead();
  const spoken = [...new Set([...languages, ...query.languages, ...desk.languages()])];
  const all: FilterKind[] = [
    { name: "status", label: t("filter.status"), values: statuses.map((status) => ({ value: status, label: t(`status.${status}`) })) },
    {
      name: "assignee",
      label: t("filter.assignee"),
      values: [{ value: "0", label: t("people.nobody") }, ...members.filter((member) => member.active || split(search.assignee).includes(String(member.user_id))).map((member) => ({ value: String(member.user_id), label: member.name }))],
    },
    { name: "team", label: t("filter.team"), values: teams.map((team) => ({ value: String(team.id), label: team.name })) },
    {
      name: "tag",
      label: t("filter.tag"),
      values: tags.map((tag) => ({
        value: String(tag.id),
        label: tag.name,
        icon: <span aria-hidden className="size-2 rounded-full" style={{ background: tagColors[tag.color] ?? tagColors[""] }} />,
      })),
    },
    { name: "priority", label: t("filter.priority"), values: priorities.map((priority) => ({ value: priority, label: t(`priority.${priority}`) })) },
    { name: "window", label: t("filter.window"), values: windowed ? windows.map((state) => ({ value: state, label: t(`window.${state}`) })) : [] },
    { name: "sla", label: t("filter.sla"), values: promises.map((state) => ({ value: state, label: t(`sla.${state}`) })) },
    { name: "contact", label: t("filter.contact"), values: ["new", "existing"].map((value) => ({ value, label: t(value === "new" ? "contact.new" : "contact.existing") })) },
    { name: "language", label: t("filter.language"), values: spoken.map((value) => ({ value, label: new Intl.DisplayNames([locale], { type: "language" }).of(value) ?? value })) },
    { name: "attachment", label: t("filter.attachment"), values: [{ value: "true", label: t("filter.with_file") }] },
    { name: "channel", label: t("filter.channel"), values: channels.map((channel) => ({ value: String(channel.id), label: channelLabel(t, channel) })) },
  ];
  const present = read ? withGone(all, (name) => search[name], t("filter.gone")) : all;
  return present.filter(({ values }) => values.length > 0);
}

/** Whether any channel here limits how long we may write. */
function useWindowed(): boolean {
  const specs = useSpecs();
  return useChannels().some((channel) => specs.find(({ kind }) => kind === channel.kind)?.window);
}

const split = (text = "") => text.split(",").filter(Boolean);

/** Adds filters to the list. */
function FilterMenu() {
  const t = useT();
  const kinds = useFilterKinds();
  const room = useRoom("saved");
  const [period, setPeriod] = useState(false);
  const { search, query, go } = useListing();
  const on = filterCount(query);
  const toggle = (name: FilterKind["name"], value: string, checked: boolean) => {
    const now = split(search[name]);
    go({ [name]: (checked ? [...now, value] : now.filter((one) => one !== value)).join() || undefined } as InboxSearch);
  };
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label={t("filter.add")} className={on ? "text-accent" : ""}>
            <ListFilter size={16} aria-hidden />
          </IconButton>
        }
      >
        <MenuCheck checked={query.unread} onChange={(unread) => go({ unread: unread ? "true" : undefined } as InboxSearch)}>
          {t("filter.unread")}
        </MenuCheck>
        <MenuSeparator />
        {kinds.map((kind) => (
          <Submenu key={kind.name} label={kind.label}>
            {kind.values.map((one) => (
              <MenuCheck key={one.value} checked={split(search[kind.name]).includes(one.value)} onChange={(checked) => toggle(kind.name, one.value, checked)} icon={one.icon}>
                <bdi>{one.label}</bdi>
              </MenuCheck>
            ))}
          </Submenu>
        ))}
        <Submenu label={t("filter.since")}>
          <MenuRadio
            value={search.since ?? ""}
            onChange={(since) => go({ since: since || undefined } as InboxSearch)}
            options={[{ value: "", label: t("filter.any_time") }, ...[0, 6, 29].map((days) => ({ value: dayBefore(days, query.zone), label: t(days === 0 ? "filter.today" : days === 6 ? "filter.week" : "filter.month") }))]}
          />
        </Submenu>
        {room && <MenuItem onSelect={() => setPeriod(true)}>{t("period.choose")}</MenuItem>}
        {on > 0 && (
          <>
            <MenuSeparator />
            <MenuItem onSelect={() => go(cleared)}>{t("filter.clear_all")}</MenuItem>
          </>
        )}
      </Menu>
      {period && (
        <Suspense>
          <Period onClose={() => setPeriod(false)} />
        </Suspense>
      )}
    </>
  );
}

/** Orders the list. */
function SortMenu() {
  const t = useT();
  const windowed = useWindowed();
  const room = useRoom("saved");
  const [naming, setNaming] = useState(false);
  const { query, go } = useListing();
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label={`${t("sort.label")}: ${t(`sort.${query.sort}`)}`} className={query.sort === "activity" ? "" : "text-accent"}>
            <ArrowDownWideNarrow size={16} aria-hidden />
          </IconButton>
        }
      >
        <MenuRadio<Sort> value={query.sort} onChange={(sort) => go({ sort: sort === "activity" ? undefined : sort } as InboxSearch)} options={sorts.filter((one) => one !== "window" || windowed || query.sort === one).map((value) => ({ value, label: t(`sort.${value}`) }))} />
        {room && query.sort !== "activity" && filterCount(query) === 0 && (
          <>
            <MenuSeparator />
            <MenuItem onSelect={() => setNaming(true)}>{t("saved.keep")}</MenuItem>
          </>
        )}
      </Menu>
      {naming && (
        <Suspense>
          <SavedForm view={null} onClose={() => setNaming(false)} />
        </Suspense>
      )}
    </>
  );
}
