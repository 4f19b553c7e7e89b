import { useQuery } from "@tanstack/react-query";
import { useRouter, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { countsQuery, teamsQuery } from "../api/desk.ts";
import { useSession } from "../api/session.ts";
import { useLanguage } from "../i18n/index.tsx";
import type { InboxSearch } from "../inbox/search.ts";
import { useLive } from "../live/context.tsx";
import { contactName } from "../list/row.tsx";
import { usePreferences } from "../preferences/index.ts";
import { focusSoon } from "../ui/focus-soon.ts";
import { useLatest } from "../ui/use-latest.ts";
import { drawBadge } from "./favicon.ts";
import { Leader } from "./leader.ts";
import { chime } from "./sound.ts";
import { unreadOf } from "./unread.ts";
import { mayTake, wanted } from "./wanted.ts";

/** Whether the worker shows notifications in this browser, for this member. */
const pushed = () => localStorage.getItem("madoguchi.push") === localStorage.getItem("madoguchi.member");

/** Tells the member of new messages by sound and desktop notification, in one tab only, whatever page is shown; titles the tab and badges its icon. */
export function Notifier({ page }: { page: string }) {
  const { t } = useLanguage();
  const { listen, desk } = useLive();
  const router = useRouter();
  const open = useRouterState({ select: ({ location }) => (location.pathname === "/" ? Number((location.search as InboxSearch).c ?? 0) : 0) });
  const { user, member } = useSession();
  const { data: teams } = useQuery(teamsQuery);
  const [preferences] = usePreferences();
  const { data: counts } = useQuery(countsQuery);
  const leader = useRef<Leader>(null);
  const latest = useLatest({ t, open, router, preferences, member, teams });

  useEffect(() => {
    const own = new Leader();
    leader.current = own;
    return () => own.stop();
  }, []);

  useEffect(() => {
    const tell = () => leader.current?.reading(document.hasFocus() ? open : 0);
    tell();
    window.addEventListener("focus", tell);
    window.addEventListener("blur", tell);
    return () => {
      window.removeEventListener("focus", tell);
      window.removeEventListener("blur", tell);
    };
  }, [open]);

  useEffect(
    () =>
      listen((patch) => {
        const { t, router, preferences, member, teams } = latest.current;
        const row = patch.conversation ?? (patch.message && desk.row(patch.message.conversation_id));
        if (!row || !leader.current?.leads() || !wanted(patch, row, user.id, mayTake(row, member, teams)) || leader.current.isRead(row.id)) return;
        if (preferences.sound) chime();
        if (!preferences.desktop_notifications || pushed() || typeof Notification === "undefined" || Notification.permission !== "granted") return;
        const note = new Notification(contactName(row.contact.name, t), { body: row.preview.text || t("notify.new_message"), tag: `conversation-${row.id}` });
        note.addEventListener("click", () => {
          window.focus();
          const search = new URLSearchParams(location.pathname === "/" ? location.search : "");
          for (const place of ["m", "over"]) search.delete(place);
          search.set("c", String(row.id));
          void router.navigate({ href: `/?${search}` }).then(() => focusSoon("thread-title"));
          note.close();
        });
      }),
    [listen, desk, user.id, latest],
  );

  useEffect(() => {
    const { serviceWorker } = navigator;
    // The worker asks before it shows what was pushed (worker/sw.ts).
    const answer = ({ data, ports }: MessageEvent<{ reading?: boolean } | null>) => data?.reading && ports[0]?.postMessage(document.hasFocus() ? latest.current.open : 0);
    serviceWorker?.addEventListener("message", answer);
    return () => serviceWorker?.removeEventListener("message", answer);
  }, [latest]);

  const unread = unreadOf(counts);
  useEffect(() => {
    const title = `${page || t("nav.inbox")} · ${t("app.name")}`;
    document.title = unread > 0 ? `(${unread > 99 ? "99+" : unread}) ${title}` : title;
    drawBadge(unread > 0);
  }, [page, unread, t]);
  useEffect(() => () => drawBadge(false), []);

  return null;
}
