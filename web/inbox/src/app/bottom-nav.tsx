import { useQuery } from "@tanstack/react-query";
import { Link, useLocation, useSearch } from "@tanstack/react-router";
import { ContactRound, Gauge, MessagesSquare, Settings, type LucideIcon } from "lucide-react";
import { useEffect, useRef } from "react";
import { countsQuery } from "../api/desk.ts";
import { usePermission } from "../api/session.ts";
import { useLanguage, type Key } from "../i18n/index.tsx";
import type { InboxSearch } from "../inbox/search.ts";
import { unreadOf } from "../notify/unread.ts";
import { useKeyboardUp } from "./keyboard-up.ts";

interface Place {
  to: "/" | "/contacts" | "/board" | "/settings";
  label: Key;
  icon: LucideIcon;
}

const places: readonly Place[] = [
  { to: "/", label: "nav.conversations", icon: MessagesSquare },
  { to: "/contacts", label: "nav.contacts", icon: ContactRound },
  { to: "/board", label: "nav.board", icon: Gauge },
  { to: "/settings", label: "nav.settings", icon: Settings },
];

/** Where a thumb reaches it: the app's parts on a phone. Whoever reads or writes has the whole screen. */
export default function BottomNav() {
  const { t, format } = useLanguage();
  const at = useLocation({ select: ({ pathname }) => pathname });
  const search: InboxSearch = useSearch({ strict: false });
  const monitors = usePermission("conversation.monitor");
  const keyboard = useKeyboardUp();
  const { data: counts } = useQuery(countsQuery);
  const inbox = at === "/";
  const left = useRef<InboxSearch>({}); // the list comes back as it was left
  useEffect(() => {
    if (inbox) left.current = search;
  }, [inbox, search]);
  if (keyboard || (inbox && search.c) || at.startsWith("/conversations/")) return null;
  const unread = unreadOf(counts);
  const many = unread > 99 ? `${format.number(99)}+` : format.number(unread);
  return (
    <nav aria-label={t("nav.label")} className="foot shrink-0 border-t border-line bg-raised pr-[env(safe-area-inset-right)] pb-[env(safe-area-inset-bottom)] pl-[env(safe-area-inset-left)] print:hidden">
      <ul className="flex">
        {places
          .filter(({ to }) => to !== "/board" || monitors)
          .map(({ to, label, icon: Icon }) => (
            <li key={to} className="flex min-w-0 flex-1">
              <Link
                to={to}
                search={() => (to === "/" ? (inbox ? search : left.current) : {})}
                activeOptions={{ exact: to === "/", includeSearch: false }}
                activeProps={{ className: "font-medium text-accent" }}
                inactiveProps={{ className: "text-muted" }}
                className="flex min-h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 px-1 text-2xs hover:no-underline focus-visible:-outline-offset-2"
              >
                <span className="relative">
                  <Icon size={20} aria-hidden />
                  {to === "/" && unread > 0 && (
                    <span className="absolute -top-1.5 left-3 min-w-4 rounded-full bg-accent-fill px-1 text-center leading-4 font-medium whitespace-nowrap text-on-accent tabular-nums">
                      <span aria-hidden>{many}</span>
                    </span>
                  )}
                </span>
                <span className="max-w-full truncate">{t(label)}</span>
                {to === "/" && unread > 0 && <span className="sr-only">{t("view.unread", { count: unread })}</span>}
              </Link>
            </li>
          ))}
      </ul>
    </nav>
  );
}
