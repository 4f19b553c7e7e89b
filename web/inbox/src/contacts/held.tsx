import { useQuery } from "@tanstack/react-query";
import { heldQuery } from "../api/contacts.ts";
import type { Id } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useNow } from "../i18n/now.ts";
import { Time } from "../i18n/time.tsx";
import { MessagePart } from "../thread/parts.tsx";

/** What a blocked person wrote: nobody was told, and it goes after 30 days (F12). */
export function Held({ contact }: { contact: Id }) {
  const { t, format } = useLanguage();
  const { data } = useQuery(heldQuery(contact));
  const now = useNow();
  return (
    <div className="flex max-w-2xl flex-col gap-3 p-4">
      <p className="text-sm text-muted">{t("contacts.held_hint")}</p>
      {data?.length === 0 && <p className="text-sm">{t("contacts.held_none")}</p>}
      <ul className="flex flex-col gap-2">
        {data?.map((message) => (
          <li key={message.id} className="rounded-lg bg-theirs px-3 py-2">
            <p className="mb-1 flex flex-wrap gap-x-2 text-xs text-muted">
              <Time at={message.at} form="moment" />
              <span>{t("contacts.held_goes", { at: format.moment(new Date(message.goes_at), now) })}</span>
            </p>
            <div className="flex flex-col gap-1.5">
              {(message.parts ?? []).map((part, i) => (
                <MessagePart key={i} part={part} />
              ))}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
