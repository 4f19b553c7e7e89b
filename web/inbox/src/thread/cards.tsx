import { Contact } from "lucide-react";
import type { Part } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";

/** People that the customer shared: who they are, and how to reach them. */
export function Cards({ cards }: { cards: NonNullable<Part["cards"]> }) {
  const t = useT();
  return (
    <ul aria-label={t("part.cards")} className="flex flex-col gap-1.5">
      {cards.map((card, i) => (
        <li key={i} className="flex w-72 max-w-full gap-3 rounded border border-line bg-surface px-3 py-2 text-ink">
          <Contact size={20} aria-hidden className="shrink-0 text-muted" />
          <div className="min-w-0 flex-1 text-sm">
            <bdi className="block truncate font-medium">{card.name}</bdi>
            {card.org && <bdi className="block truncate text-xs text-muted">{card.org}</bdi>}
            {card.phones?.map((phone) => (
              <a key={phone} href={`tel:${phone.replace(/[^+\d]/g, "")}`} className="block min-h-6 truncate underline">
                {phone}
              </a>
            ))}
            {card.emails?.map((email) => (
              <a key={email} href={`mailto:${encodeURIComponent(email).replace("%40", "@")}`} className="block min-h-6 truncate underline">
                {email}
              </a>
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}
