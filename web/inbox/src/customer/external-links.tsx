import { ExternalLink as Out } from "lucide-react";
import { useSession } from "../api/session.ts";
import type { Contact } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";
import { filled, valuesOf } from "./links.ts";

/** The customer's pages in other systems, as the workspace names them (G3.1); one that lacks a value is left out. */
export function ExternalLinks({ contact, ticketNumber }: { contact: Contact; ticketNumber?: number }) {
  const t = useT();
  const { workspace } = useSession();
  const values = valuesOf(contact, ticketNumber);
  const links = workspace.external_links.flatMap(({ name, url }) => {
    const address = filled(url, values);
    return address ? { name, address } : [];
  });
  if (links.length === 0) return <p className="p-4 text-sm text-pretty text-muted">{t("customer.no_links")}</p>;
  return (
    <ul className="flex flex-col p-2">
      {links.map(({ name, address }, i) => (
        <li key={i}>
          <a href={address} target="_blank" rel="noopener noreferrer nofollow" title={address} className="flex min-h-11 items-center gap-2 rounded px-2 text-sm hover:bg-hover hover:no-underline">
            <span className="min-w-0 flex-1">
              <bdi className="block truncate text-ink">{name}</bdi>
              <span className="block truncate text-xs text-muted">{new URL(address).host}</span>
            </span>
            <Out size={14} aria-hidden className="shrink-0 text-muted" />
            <span className="sr-only">{t("customer.new_tab")}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
