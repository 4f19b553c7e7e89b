import { Link, Navigate, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { ArrowLeft, Bell, Building2, CalendarClock, CircleUser, Download, FlaskConical, Gauge, Keyboard, KeyRound, Link2, ListChecks, Lock, MessageCircle, MessageSquareText, MonitorSmartphone, Paperclip, ScrollText, Search, ShieldCheck, Split, SlidersHorizontal, Store, Tags, Target, TextCursorInput, UsersRound, UserPlus, Zap } from "lucide-react";
import { useEffect, useState, type KeyboardEvent, type ReactNode } from "react";
import { useSession } from "../api/session.ts";
import { Waiting } from "../app/outcomes.tsx";
import { useRoom, useT } from "../i18n/index.tsx";
import { useMediaQuery } from "../ui/media-query.ts";
import { fieldHash, fields } from "./fields.ts";
import { reveal } from "./reveal.ts";
import { groups, matches, needed, sections, type SectionId } from "./sections.ts";

const icons: Record<SectionId, ReactNode> = {
  profile: <CircleUser size={16} aria-hidden />,
  preferences: <SlidersHorizontal size={16} aria-hidden />,
  notifications: <Bell size={16} aria-hidden />,
  keys: <Keyboard size={16} aria-hidden />,
  sessions: <MonitorSmartphone size={16} aria-hidden />,
  workspace: <Building2 size={16} aria-hidden />,
  members: <UserPlus size={16} aria-hidden />,
  teams: <UsersRound size={16} aria-hidden />,
  availability: <Gauge size={16} aria-hidden />,
  tags: <Tags size={16} aria-hidden />,
  fields: <TextCursorInput size={16} aria-hidden />,
  "external-links": <Link2 size={16} aria-hidden />,
  exports: <Download size={16} aria-hidden />,
  roles: <ShieldCheck size={16} aria-hidden />,
  canned: <MessageSquareText size={16} aria-hidden />,
  macros: <ListChecks size={16} aria-hidden />,
  triggers: <Zap size={16} aria-hidden />,
  files: <Paperclip size={16} aria-hidden />,
  brands: <Store size={16} aria-hidden />,
  routing: <Split size={16} aria-hidden />,
  schedules: <CalendarClock size={16} aria-hidden />,
  sla: <Target size={16} aria-hidden />,
  channels: <MessageCircle size={16} aria-hidden />,
  "api-keys": <KeyRound size={16} aria-hidden />,
  audit: <ScrollText size={16} aria-hidden />,
  demo: <FlaskConical size={16} aria-hidden />,
};

const wide = "(min-width: 768px)";
const mostFields = 5;

/** The frame of the settings: navigation left, the chosen page right; on a phone one of the two. */
export function SettingsPage() {
  const t = useT();
  const atStart = useLocation({ select: ({ pathname }) => /^\/settings\/?$/.test(pathname) });
  const both = useMediaQuery(wide);
  const texts = [useRoom("settings"), useRoom("telling")].every(Boolean); // fields of both are searched
  useWantedField(texts);
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

/** Goes to the field that the address names. */
function useWantedField(ready: boolean): void {
  const t = useT();
  const hash = useLocation({ select: ({ hash }) => decodeURIComponent(hash) });
  const path = useLocation({ select: ({ pathname, state }) => `${pathname} ${state.key ?? ""}` }); // also when the same is chosen again
  const wanted = fields.find((field) => fieldHash(field) === hash);
  const name = ready && wanted ? t(wanted.label) : "";
  useEffect(() => {
    const page = document.getElementById("settings-page");
    return page && name ? reveal(page, name) : undefined;
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- again when the same field is chosen again
  }, [name, path]);
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
  const title = (id: SectionId) => t(`settings.${id}.title`);
  const about = (id: SectionId) => matches(query, [title(id), t(`settings.${id}.purpose`), t(`settings.${id}.words`)]);
  const within = (id: SectionId) => (query.trim() ? fields.filter((field) => field.in === id && matches(query, [t(field.label), title(id)]) && !matches(query, [title(id)])).slice(0, mostFields) : []);
  const found = sections.filter(({ id }) => about(id) || within(id).length > 0);
  const first = found[0];
  const goFirst = () => {
    if (!first) return;
    const field = within(first.id)[0];
    void navigate({ to: first.to, ...(field ? { hash: fieldHash(field) } : {}) });
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && query) goFirst();
    if (event.key === "Escape" && query) setQuery("");
  };
  const body = (
    <>
      <div className="flex flex-col gap-3 px-3 pt-3 pb-2">
        <Link to="/" className="flex pressed w-fit items-center gap-2 rounded px-2 text-sm text-muted hover:bg-hover hover:text-ink hover:no-underline">
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
                      {within(section.id).length > 0 && (
                        <ul aria-label={title(section.id)} className="pl-7">
                          {within(section.id).map((field) => (
                            <li key={field.label}>
                              <Link to={section.to} hash={fieldHash(field)} className={`flex items-center rounded px-2 text-muted hover:bg-hover hover:text-ink hover:no-underline ${full ? "min-h-11 text-base" : "min-h-8 text-sm"}`}>
                                {t(field.label)}
                              </Link>
                            </li>
                          ))}
                        </ul>
                      )}
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
