import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { memo, useEffect, useState } from "react";
import { contactQuery } from "../api/desk.ts";
import type { Id } from "../api/types.ts";
import { useRoom, useT } from "../i18n/index.tsx";
import { useLive } from "../live/context.tsx";
import { useInbox } from "../inbox/context.tsx";
import { useRow } from "../live/hooks.ts";
import { contactName } from "../list/row.tsx";
import { Avatar } from "../ui/avatar.tsx";
import { EmptyState } from "../ui/empty.tsx";
import { Later, Skeleton } from "../ui/skeleton.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { sentence } from "../ui/toast.tsx";
import { useSession } from "../api/session.ts";
import { ExternalLinks } from "./external-links.tsx";
import { Gallery, type Go } from "./gallery.tsx";
import { History } from "./history.tsx";
import { Notes } from "./notes.tsx";
import { Overview } from "./overview.tsx";

type Tab = "overview" | "history" | "files" | "notes" | "links";

/** Who the customer is: profile, cases, files, notes (G3). */
export default memo(function CustomerPane({ id }: { id: Id }) {
  const t = useT();
  const texts = useRoom("customer");
  const { workspace } = useSession();
  const row = useRow(id);
  const [tab, setTab] = useState<Tab>("overview");
  const contactId = row?.contact.id ?? 0;
  const { go, show } = useInbox();
  const onGo: Go = (conversation, seq) => (seq ? go({ c: String(conversation), m: String(seq) }) : show(conversation, true));
  const { data: contact, error } = useQuery({ ...contactQuery(contactId), enabled: contactId !== 0 });

  const { desk } = useLive();
  const [missing, setMissing] = useState<Id>(0);
  useEffect(() => void desk.needRow(id).catch(() => setMissing(id)), [desk, id]);

  if (!texts) return <Bones />;
  if (missing === id && !row) return null; // the thread says so
  if (error && !contact) return <EmptyState title={t("customer.failed")}>{sentence(t, error).text}</EmptyState>;
  if (!row) return <Bones />;
  const name = contactName(contact?.name ?? row.contact.name, t);
  return (
    <>
      <header className="flex min-h-13 shrink-0 items-center gap-3 px-4 py-2 pr-12">
        <Avatar name={name} id={contactId} url={row.contact.avatar_url} size={32} />
        <h2 className="min-w-0 flex-1 truncate text-base font-semibold">
          <Link to="/contacts/$id" params={{ id: String(contactId) }} title={t("customer.open_contact")} className="text-inherit">
            <bdi>{name}</bdi>
          </Link>
        </h2>
      </header>
      <Tabs<Tab>
        label={t("pane.customer")}
        value={tab === "links" && workspace.external_links.length === 0 ? "overview" : tab}
        onChange={setTab}
        tabs={[
          { value: "overview", label: t("customer.overview"), panel: contact ? <Overview key={contact.id} contact={contact} row={row} /> : <Bones /> }, // the tabs stay while another customer is read
          { value: "history", label: t("customer.history"), panel: <History contact={contactId} current={row.ticket.id} onGo={onGo} /> },
          { value: "files", label: t("customer.files"), panel: <Gallery key={contactId} contact={contactId} onGo={onGo} /> },
          { value: "notes", label: t("customer.notes"), panel: <Notes key={contactId} contact={contactId} /> },
          ...(workspace.external_links.length > 0 ? [{ value: "links" as const, label: t("customer.links"), panel: contact ? <ExternalLinks contact={contact} ticketNumber={row.ticket.number} /> : <Bones /> }] : []),
        ]}
      />
    </>
  );
});

function Bones() {
  return (
    <div className="flex flex-col gap-4 p-4" aria-busy>
      <Later>
        <Skeleton className="size-8 rounded-full" />
        <Skeleton className="h-3 w-2/3" />
        <Skeleton className="h-3 w-1/2" />
        <Skeleton className="h-3 w-3/5" />
      </Later>
    </div>
  );
}
