import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useRouter } from "@tanstack/react-router";
import { Bell } from "lucide-react";
import { useCallback, useEffect, useRef, useState, type ReactElement } from "react";
import { channelsQuery, countsQuery, remindersQuery, membersQuery } from "../api/desk.ts";
import { kindQuery, notificationsQuery, type Notification } from "../api/channels.ts";
import { usePermission } from "../api/session.ts";
import type { Id } from "../api/types.ts";
import { useLanguage, useRoom } from "../i18n/index.tsx";
import { useNow } from "../i18n/now.ts";
import { contactName } from "../list/row.tsx";
import { useLive } from "../live/context.tsx";
import { useOffline } from "../offline/use-offline.ts";
import { usePreferences } from "../preferences/index.ts";
import { Badge } from "../ui/badge.tsx";
import { IconButton } from "../ui/button.tsx";
import { Popover } from "../ui/popover.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { add, sentence, useToast } from "../ui/toast.tsx";
import { useLatest } from "../ui/use-latest.ts";
import { Offers } from "./offers.tsx";
import { awaits, fresh, happened, kindOf, news, shortName, staysThere, told } from "./told.ts";
import { unreadOf } from "./unread.ts";
import { muted } from "./wanted.ts";
import { useWorker } from "./worker.ts";

/** Where it shows: the toasts of what happens now, a line or icon in the navigation, an icon on the phone if there is news. */
export type NotificationPart = "toasts" | "line" | "icon" | "dot";

/** What members are told beside conversations: what ails a channel, what became of a template (H7, C3.7). */
export default function Notifications({ part }: { part: NotificationPart }) {
  const here = useRoom("notifications");
  if (!here) return null;
  if (part !== "toasts") return <NotificationBell part={part} />;
  return (
    <>
      <NotificationToasts />
      <Refusals />
      <AppBadge />
      <Offers />
    </>
  );
}

/** The installed app's icon counts what is unread, as the worker does while nothing is open (G6.2). */
function AppBadge() {
  const { data: counts } = useQuery(countsQuery);
  const unread = unreadOf(counts);
  const known = counts !== undefined;
  useEffect(() => {
    if (known) (unread > 0 ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.())?.catch(() => {}); // not for every page
  }, [known, unread]);
  return null;
}

const toastMs = 20_000;
const briefMs = 6_000;

/** Where somebody looks at what was told. */
const placeOf = (one: Notification) =>
  one.conversation_id ? ({ to: "/", search: { c: String(one.conversation_id) } } as const) : ({ to: "/settings/channels/$id", params: { id: String(one.channel_id) } } as const);

/** The names of members by their id in a notification. */
function useNames(): (user: string) => string {
  const { data: members } = useQuery(membersQuery);
  return (user) => members?.find(({ user_id }) => String(user_id) === user)?.display_name ?? "";
}

/** Whether a conversation is open before the viewer: what is told there need not be told beside it. */
function useOpen(): (conversation: Id) => boolean {
  const router = useRouter();
  return useCallback(
    (conversation) => {
      const { pathname, search } = router.state.location;
      return pathname === "/" && String((search as { c?: unknown }).c) === String(conversation);
    },
    [router],
  );
}

/** Says what happens while somebody looks; who was away finds it under the bell. */
function NotificationToasts() {
  const { t, format } = useLanguage();
  const { listen } = useLive();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { data } = useQuery(notificationsQuery);
  useWorker();
  useOffline();
  const nameOf = useNames();
  useQuery(remindersQuery); // rows show them
  const newest = useRef<number>(null);
  const [{ notifications_seen: seen }] = usePreferences();
  const { close } = useToast();
  const shown = useRef(new Map<number, string>());
  const open = useOpen();
  const latest = useLatest({ t, format, navigate, nameOf, open });

  useEffect(
    () =>
      listen(({ kind, conversation }) => {
        const ended = (one: Notification) => awaits(one) && one.stands && one.conversation_id === conversation?.id && conversation.ticket.status !== "queued";
        if (conversation && queries.getQueryData(notificationsQuery.queryKey)?.some(ended)) void queries.invalidateQueries({ queryKey: notificationsQuery.queryKey });
        if (kind === "reminder.changed") void queries.invalidateQueries({ queryKey: remindersQuery.queryKey });
        if (kind === "notification.created" || kind === "channel.changed") void queries.invalidateQueries({ queryKey: notificationsQuery.queryKey });
      }),
    [listen, queries],
  );

  useEffect(() => {
    if (!data) return;
    const before = newest.current;
    newest.current = Math.max(before ?? 0, ...data.map(({ id }) => id));
    if (before === null) return;
    const { t, format, navigate, nameOf, open } = latest.current;
    for (const one of data.filter((one) => one.id > before && !muted.has(kindOf(one)))) {
      if (staysThere(one) && open(one.conversation_id)) continue; // it would cover what can be done about it on a phone
      const { what, todo } = told(t, format, one, new Date(), nameOf);
      const id = add({
        title: what,
        description: todo,
        timeout: one.conversation_id ? briefMs : toastMs,
        ...(one.severity === "error" ? { type: "problem", priority: "high" as const } : {}),
        actionProps: { children: t("notifications.open"), onClick: () => void navigate(placeOf(one)) },
      });
      shown.current.set(one.id, id);
    }
  }, [data, latest]);

  useEffect(() => {
    for (const [told, id] of shown.current) if (told <= seen && shown.current.delete(told)) close(id); // seen under the bell
  }, [seen, close]);

  return null;
}

/** Says that the server refused what was sent in a conversation that the viewer has left: where it is open, it stands under the text (ux 16). */
function Refusals() {
  const { t } = useLanguage();
  const { desk, hearRefused } = useLive();
  const navigate = useNavigate();
  const open = useOpen();
  const latest = useLatest(t);
  useEffect(
    () =>
      hearRefused(({ conversation, message, problem }) => {
        const t = latest.current;
        if (open(conversation)) return;
        const row = desk.row(conversation);
        const contact = row && shortName(contactName(row.contact.name, t));
        add({
          title: contact ? t(message.mode === "note" ? "notifications.refused.note" : "notifications.refused.reply", { contact }) : t("notifications.refused"),
          description: sentence(t, problem).text,
          type: "problem",
          priority: "high",
          timeout: toastMs,
          actionProps: { children: t("notifications.open"), onClick: () => void navigate({ to: "/", search: { c: String(conversation) } }) },
        });
      }),
    [desk, hearRefused, navigate, open, latest],
  );
  return null;
}

function NotificationBell({ part }: { part: "line" | "icon" | "dot" }) {
  const { t } = useLanguage();
  const manages = usePermission("channel.manage");
  const { data = [] } = useQuery(notificationsQuery);
  const [{ notifications_seen: seen }, prefer] = usePreferences();
  const [open, setOpen] = useState(false);
  const [wasSeen, setWasSeen] = useState(seen);
  const count = news(data, seen);
  if (data.length === 0 && (!manages || part === "dot")) return null;
  const change = (next: boolean) => {
    setOpen(next);
    const newest = data[0]?.id ?? 0;
    if (!next || newest <= seen) return;
    setWasSeen(seen);
    prefer({ notifications_seen: newest });
  };
  const name = count > 0 ? t("notifications.title_new", { count }) : t("notifications.title");
  const button: ReactElement<Record<string, unknown>> =
    part === "line" ? (
      <button type="button" className="flex pressed items-center gap-2 rounded px-2 text-sm text-muted hover:bg-hover hover:text-ink data-[popup-open]:bg-hover">
        <Bell size={16} aria-hidden />
        <span className="min-w-0 flex-1 truncate text-left">{t("notifications.title")}</span>
        {count > 0 && (
          <>
            <span aria-hidden className="inline-flex">
              <Badge look="danger">{count}</Badge>
            </span>
            <span className="sr-only">{t("notifications.unread", { count })}</span>
          </>
        )}
      </button>
    ) : (
      <IconButton label={name} side={part === "icon" ? "right" : "bottom"} className={`relative ${part === "icon" ? "w-full" : ""}`}>
        <Bell size={16} aria-hidden />
        {count > 0 && <span aria-hidden className="absolute top-1 right-1 size-2 rounded-full bg-danger" />}
      </IconButton>
    );
  return (
    <Popover open={open} onOpenChange={change} trigger={button} label={t("notifications.title")} side={part === "dot" ? "bottom" : "right"} align="end" className="w-96 p-0">
      <h2 className="border-b border-line px-4 py-2.5 text-sm font-semibold">{t("notifications.title")}</h2>
      <NotificationList all={data} seen={wasSeen} onGo={() => setOpen(false)} />
    </Popover>
  );
}

function NotificationList({ all, seen, onGo }: { all: readonly Notification[]; seen: number; onGo: () => void }) {
  const { t } = useLanguage();
  const words = useRoom("settings"); // reasons of refused templates
  if (!words) return <Skeleton className="m-4 h-12" />;
  if (all.length === 0) return <p className="p-4 text-sm text-muted">{t("notifications.none")}</p>;
  return (
    <ul className="divide-y divide-line">
      {all.map((one) => (
        <li key={one.id}>
          <Line one={one} seen={seen} onGo={onGo} />
        </li>
      ))}
    </ul>
  );
}

function Line({ one, seen, onGo }: { one: Notification; seen: number; onGo: () => void }) {
  const { t, format, locale } = useLanguage();
  const now = useNow();
  const { data: channels } = useQuery(channelsQuery);
  const kind = channels?.find(({ id }) => id === one.channel_id)?.kind ?? "";
  const reason = one.params["reason"] ?? "";
  const { data: own } = useQuery({ ...kindQuery(kind, locale), enabled: kind !== "" && reason !== "" });
  const { what, todo } = told(t, format, one, now, useNames());
  const settled = !one.stands && !happened(one);
  const at = new Date(one.at);
  return (
    <Link {...placeOf(one)} onClick={onGo} className="flex flex-col gap-1 px-4 py-2.5 text-sm text-ink hover:bg-hover hover:no-underline">
      <span className="flex items-center gap-2 text-xs text-muted">
        <time dateTime={one.at} title={format.exact(at)} className="flex-1">
          {format.moment(at, now)}
        </time>
        {fresh(one, seen) && <Badge look="danger">{t("notifications.new")}</Badge>}
        {settled && <Badge>{t("notifications.settled")}</Badge>}
      </span>
      <span className={settled ? "text-muted" : ""}>
        {what} {own?.texts[`fault.${reason}`] ?? ""}
      </span>
      {!settled && <span className="text-xs text-muted">{own?.texts[`fault.${reason}.fix`] ?? todo}</span>}
    </Link>
  );
}
