import { Link, Outlet, useParams } from "@tanstack/react-router";
import { ArrowLeft, UsersRound } from "lucide-react";
import { usePageName } from "../app/page-name.ts";
import { Waiting } from "../app/outcomes.tsx";
import { useRoom, useT } from "../i18n/index.tsx";
import { DirectoryProvider } from "../inbox/directory.tsx";
import { EmptyState } from "../ui/empty.tsx";
import { useMediaQuery } from "../ui/media-query.ts";
import { ContactList } from "./list.tsx";

/** Everybody who ever wrote: the list left, one of them right; on a phone one of the two. */
export function ContactsPage() {
  const t = useT();
  const texts = [useRoom("contacts"), useRoom("customer")].every(Boolean);
  const both = useMediaQuery("(min-width: 800px)");
  const open = Number(useParams({ strict: false }).id ?? 0);
  usePageName(open ? "" : t("nav.contacts"));
  if (!texts) return <Waiting />;
  const ListFrame = both ? "nav" : "main";
  return (
    <DirectoryProvider>
      <div className="flex h-full">
        <a href={open ? "#contact" : "#contact-list"} className="absolute top-1 left-1 z-50 -translate-y-16 rounded bg-ink px-3 py-2 text-sm text-surface focus:translate-y-0">
          {t("app.skip")}
        </a>
        {(both || !open) && (
          <ListFrame aria-label={t("nav.contacts")} className={`flex min-w-0 flex-col bg-canvas ${both ? "w-88 shrink-0 border-r border-line" : "flex-1"}`}>
            <header className="flex items-center gap-1 px-3 pt-3 pb-1">
              <Link to="/" aria-label={t("app.to_inbox")} title={t("app.to_inbox")} className="reach grid size-8 place-items-center rounded text-muted hover:bg-hover pointer-coarse:size-10 hover:text-ink">
                <ArrowLeft size={16} aria-hidden />
              </Link>
              {both && open ? <p className="text-lg font-semibold">{t("nav.contacts")}</p> : <h1 className="text-lg font-semibold">{t("nav.contacts")}</h1>}
            </header>
            <ContactList open={open} />
          </ListFrame>
        )}
        {(both || open !== 0) && (
          <main id="contact" tabIndex={-1} className="flex min-w-0 flex-1 flex-col bg-surface outline-none">
            <Outlet />
          </main>
        )}
      </div>
    </DirectoryProvider>
  );
}

/** What stands beside the list while nobody is chosen. */
export function NobodyChosen() {
  const t = useT();
  return (
    <div className="m-auto">
      <EmptyState icon={<UsersRound size={32} aria-hidden />} title={t("contacts.choose")}>
        {t("contacts.purpose")}
      </EmptyState>
    </div>
  );
}
