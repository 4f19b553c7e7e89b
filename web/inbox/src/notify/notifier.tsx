import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { countsQuery, teamsQuery } from "../api/desk.ts";
import { useSession } from "../api/session.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useInbox } from "../inbox/context.tsx";
import { useLive } from "../live/context.tsx";
import { contactName } from "../list/row.tsx";
import { usePreferences } from "../preferences/index.ts";
import { useLatest } from "../ui/use-latest.ts";
import { drawBadge } from "./favicon.ts";
import { Leader } from "./leader.ts";
import { chime } from "./sound.ts";
import { unreadOf } from "./unread.ts";
import { mayTake, wanted } from "./wanted.ts";

/** Whether the worker shows notifications in this browser, for this member. */
const pushed = () => localStorage.getItem("madoguchi.push") === localStorage.getItem("madoguchi.member");

/** Tells the member of new messages by sound and desktop notification, in one tab only; badges title and icon. */
export function Notifier() {
  const { t } = useLanguage();
  const { listen, desk } = useLive();
  const { open, show } = useInbox();
  const { user, member } = useSession();
  const { data: teams } = useQuery(teamsQuery);
  const [preferences] = usePreferences();
  const { data: counts } = useQuery(countsQuery);
  const leader = useRef<Leader>(null);
  const latest = useLatest({ t, show, preferences, member, teams });

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
        const { t, show, preferences, member, teams } = latest.current;
        const row = patch.conversation ?? (patch.message && desk.row(patch.message.conversation_id));
        if (!row || !leader.current?.leads() || !wanted(patch, row, user.id, mayTake(row, member, teams)) || leader.current.isRead(row.id)) return;
        if (preferences.sound) chime();
        if (!preferences.desktop_notifications || pushed() || typeof Notification === "undefined" || Notification.permission !== "granted") return;
        const note = new Notification(contactName(row.contact.name, t), { body: row.preview.text || t("notify.new_message"), tag: `conversation-${row.id}` });
        note.addEventListener("click", () => {
          window.focus();
          show(row.id, true);
          note.close();
        });
      }),
    [listen, desk, user.id, latest],
  );

  const unread = unreadOf(counts);
  useEffect(() => {
    document.title = unread > 0 ? `(${unread > 99 ? "99+" : unread}) ${t("nav.inbox")} - ${t("app.name")}` : `${t("nav.inbox")} - ${t("app.name")}`;
    drawBadge(unread > 0);
  }, [unread, t]);
  useEffect(() => () => drawBadge(false), []);

  return null;
}
