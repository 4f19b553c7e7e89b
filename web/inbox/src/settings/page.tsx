import { Link, Navigate, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { ArrowLeft, Bell, Building2, CalendarClock, CircleUser, Download, FlaskConical, Keyboard, KeyRound, Lock, MessageCircle, Search, Tags, TextCursorInput, UsersRound, UserPlus } from "lucide-react";
import { useState, type KeyboardEvent, type ReactNode } from "react";
import { useSession } from "../api/session.ts";
import { Waiting } from "../app/outcomes.tsx";
import { useRoom, useT } from "../i18n/index.tsx";
import { useUndoKey } from "../inbox/undo-key.ts";
import { useMediaQuery } from "../ui/media-query.ts";
import { groups, matches, needed, sections, type SectionId } from "./sections.ts";

const icons: Record<SectionId, ReactNode> = {
  profile: <CircleUser size={16} aria-hidden />,
  preferences: <Bell size={16} aria-hidden />,
  keys: <Keyboard size={16} aria-hidden />,
  workspace: <Building2 size={16} aria-hidden />,
  members: <UserPlus size={16} aria-hidden />,
  teams: <UsersRound size={16} aria-hidden />,
  tags: <Tags size={16} aria-hidden />,
  fields: <TextCursorInput size={16} aria-hidden />,
  exports: <Download size={16} aria-hidden />,
  schedules: <CalendarClock size={16} aria-hidden />,
  channels: <MessageCircle size={16} aria-hidden />,
  "api-keys": <KeyRound size={16} aria-hidden />,
  demo: <FlaskConical size={16} aria-hidden />,
};

const wide = "(min-width: 768px)";

/** The frame of the settings: navigation left, the chosen page right; on a phone one of the two. */
export function SettingsPage() {
  const t = useT();
  const atStart = useLocation({ select: ({ pathname }) => /^\/settings\/?$/.test(pathname) });
  const both = useMediaQuery(wide);
  const texts = useRoom("settings");
  useUndoKey();
  if (!texts) return <Waiting />;
  return (
    <div className="flex h-full">
      {(both || !atStart) && (
        <a href="#settings-page" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:rounded focus:bg-raised focus:px-3 focus:py-2">
          {t("app.skip")}
        </a>
      )}
      {(both || atStart) && <Navigation full={!both} />}
      {(both || !atStart) && (
        <main id="settings-page" tabIndex={-1} className="min-w-0 flex-1 scroll-pb-24 overflow-y-auto bg-surface outline-none md:border-l md:border-line">
          <Outlet />
        </main>
      )}
    </div>
  );
}

/** The settings without a page chosen: the list on a phone, else the first page. */
export function SettingsStart() {
  return useMediaQuery(wide) ? <Navigate to="/settings/profile" replace /> : null;
}

function Navigation({ full }: { full: boolean }) {
  const t = useT();
  const { permissions } = useSession();
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const found = sections.filter(({ id }) => matches(query, [t(`settings.${id}.title`), t(`settings.${id}.purpose`), t(`settings.${id}.words`)]));
  const first = found[0];
  const pressed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && query && first) void navigate({ to: first.to });
    if (event.key === "Escape" && query) setQuery("");
  };
  const body = (
    <>
      <div className="flex flex-col gap-3 px-3 pt-3 pb-2">
        <Link to="/" className="flex min-h-8 w-fit items-center gap-2 rounded px-2 text-sm text-muted hover:bg-hover hover:text-ink hover:no-underline">
          <ArrowLeft size={16} aria-hidden /> {t("app.to_inbox")}
        </Link>
        <p className="px-2 text-lg font-semibold" {...(full ? { role: "heading", "aria-level": 1 } : {})}>
          {t("nav.settings")}
        </p>
        <search className="relative">
          <Search size={15} aria-hidden className="absolute top-1/2 left-2.5 -translate-y-1/2 text-faint" />
          <input type="search" aria-label={t("settings.search")} placeholder={t("settings.search")} value={query} onChange={(event) => setQuery(event.target.value)} onKeyDown={pressed} className="field pl-8" />
        </search>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-3 pb-4">
        {groups.map((group) => {
          const members = found.filter((section) => section.group === group);
          if (members.length === 0) return null;
          return (
            <div key={group} className="mt-3">
              <h2 id={`settings-${group}`} className="px-2 pb-1 text-xs font-medium text-faint">
                {t(`settings.group.${group}`)}
              </h2>
              <ul aria-labelledby={`settings-${group}`}>
                {members.map((section) => {
                  const locked = needed(section) !== "" && !permissions.includes(needed(section));
                  return (
                    <li key={section.id}>
                      <Link
                        to={section.to}
                        className={`flex items-center gap-2.5 rounded px-2 text-ink hover:bg-hover hover:no-underline ${full ? "min-h-11 text-base" : "min-h-8 text-sm"}`}
                        activeProps={{ className: "bg-accent-soft font-medium text-accent" }}
                      >
                        <span className="text-muted">{icons[section.id]}</span>
                        <span className="min-w-0 flex-1">{t(`settings.${section.id}.title`)}</span>
                        {locked && (
                          <span title={t("settings.locked_short")} className="text-faint">
                            <Lock size={13} aria-hidden />
                            <span className="sr-only">{t("settings.locked_short")}</span>
                          </span>
                        )}
                      </Link>
                    </li>
                  );
                })}
              </ul>
            </div>
          );
        })}
        <output className="block px-2 pt-3 text-sm text-muted empty:pt-0">{found.length === 0 ? t("ui.none_found") : ""}</output>
      </div>
    </>
  );
  const look = `flex shrink-0 flex-col bg-canvas ${full ? "w-full" : "w-64"}`;
  return full ? (
    <main className={look}>{body}</main>
  ) : (
    <nav aria-label={t("nav.settings")} className={look}>
      {body}
    </nav>
  );
}
