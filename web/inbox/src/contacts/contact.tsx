import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ArrowLeft, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { usePageName } from "../app/page-name.ts";
import type { ContactSearch } from "../api/contacts.ts";
import { contactQuery } from "../api/desk.ts";
import { usePermission, useSession } from "../api/session.ts";
import { ExternalLinks } from "../customer/external-links.tsx";
import { Gallery, type Go } from "../customer/gallery.tsx";
import { Notes } from "../customer/notes.tsx";
import { Overview } from "../customer/overview.tsx";
import { useT } from "../i18n/index.tsx";
import { contactName } from "../list/row.tsx";
import { Avatar } from "../ui/avatar.tsx";
import { Badge } from "../ui/badge.tsx";
import { IconButton } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty.tsx";
import { useMediaQuery } from "../ui/media-query.ts";
import { Later, Skeleton } from "../ui/skeleton.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { sentence } from "../ui/toast.tsx";
import { DeleteContact } from "./delete.tsx";
import { Held } from "./held.tsx";
import { Timeline } from "./timeline.tsx";

type Tab = "timeline" | "overview" | "files" | "notes" | "links" | "held";

/** One contact: who they are and what happened with them (F11). */
export function ContactPage() {
  const t = useT();
  const id = Number(useParams({ from: "/signed-in/contacts/$id" }).id);
  const { data: contact, error } = useQuery(contactQuery(id));
  const navigate = useNavigate();
  const mayDelete = usePermission("message.delete");
  const mayBlock = usePermission("identity.block");
  const { workspace } = useSession();
  const roomy = useMediaQuery("(min-width: 1200px)");
  const [tab, setTab] = useState<Tab>("overview");
  const [deleting, setDeleting] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const name = contact ? contactName(contact.name, t) : "";
  usePageName(name);
  const shown = contact?.id;
  useEffect(() => {
    if (shown && matchMedia("(max-width: 799px)").matches) heading.current?.focus();
  }, [shown]);

  const onGo: Go = (conversation, seq) => void navigate({ to: "/", search: { view: "all", c: String(conversation), ...(seq ? { m: String(seq) } : {}) } });

  if (error && !contact)
    return (
      <div className="m-auto">
        <h1 className="sr-only">{t("nav.contacts")}</h1>
        <EmptyState title={t("customer.failed")}>{sentence(t, error).text}</EmptyState>
      </div>
    );
  if (!contact)
    return (
      <div className="flex flex-col gap-4 p-6" aria-busy>
        <h1 className="sr-only">{t("nav.contacts")}</h1>
        <Later>
          <Skeleton className="size-10 rounded-full" />
          <Skeleton className="h-3 w-1/2" />
          <Skeleton className="h-3 w-1/3" />
        </Later>
      </div>
    );
  const blocked = (contact.identities ?? []).some((identity) => identity.blocked);
  const overview = <Overview key={contact.id} contact={contact} />;
  const timeline = { value: "timeline" as const, label: t("contacts.timeline"), panel: <Timeline contact={contact.id} onGo={onGo} /> };
  const tabs = [
    ...(roomy ? [timeline] : [{ value: "overview" as const, label: t("customer.overview"), panel: overview }, timeline]),
    { value: "files" as const, label: t("customer.files"), panel: <Gallery key={contact.id} contact={contact.id} onGo={onGo} /> },
    { value: "notes" as const, label: t("customer.notes"), panel: <Notes key={contact.id} contact={contact.id} /> },
    ...(workspace.external_links.length > 0 ? [{ value: "links" as const, label: t("customer.links"), panel: <ExternalLinks contact={contact} /> }] : []),
    ...(mayBlock && blocked ? [{ value: "held" as const, label: t("contacts.held"), panel: <Held contact={contact.id} /> }] : []),
  ];
  const chosen = tabs.some(({ value }) => value === tab) ? tab : "timeline";
  return (
    <>
      <header className="flex min-h-15 shrink-0 items-center gap-3 border-b border-line px-4 py-2">
        <Link to="/contacts" search={(now: ContactSearch) => now} aria-label={t("nav.contacts")} className="-ml-2 reach grid size-8 place-items-center rounded text-muted hover:bg-hover pointer-coarse:size-10 min-[800px]:hidden">
          <ArrowLeft size={16} aria-hidden />
        </Link>
        <Avatar name={name} id={contact.id} size={36} />
        <h1 ref={heading} tabIndex={-1} className="min-w-0 truncate text-lg font-semibold outline-none">
          <bdi>{name}</bdi>
        </h1>
        {blocked && <Badge look="danger">{t("customer.blocked")}</Badge>}
        <span className="flex-1" />
        {mayDelete && (
          <IconButton label={t("contacts.delete")} onClick={() => setDeleting(true)}>
            <Trash2 size={16} aria-hidden />
          </IconButton>
        )}
      </header>
      <div className="flex min-h-0 flex-1">
        <section aria-label={t("contacts.about")} className="flex min-w-0 flex-1 flex-col">
          <h2 className="sr-only">{t("contacts.about")}</h2>
          <Tabs<Tab> label={t("contacts.about")} value={chosen} onChange={setTab} tabs={tabs} />
        </section>
        {roomy && (
          <aside aria-label={t("customer.profile")} className="w-80 shrink-0 overflow-y-auto border-l border-line">
            <h2 className="sr-only">{t("customer.overview")}</h2>
            {overview}
          </aside>
        )}
      </div>
      {deleting && <DeleteContact contact={contact.id} name={name} onClose={() => setDeleting(false)} onDeleted={() => void navigate({ to: "/contacts", search: (now: ContactSearch) => now, replace: true })} />}
    </>
  );
}
