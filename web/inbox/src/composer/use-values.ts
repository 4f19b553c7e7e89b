import { useQueryClient } from "@tanstack/react-query";
import { contactQuery } from "../api/desk.ts";
import { useSession } from "../api/session.ts";
import type { Row } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useChannels } from "../inbox/directory.tsx";
import type { Values } from "./variables.ts";

/** What stands for variables in a conversation, and the languages in which a text for its customer is looked for, best first. */
export function useValues(row: Row): () => Promise<{ values: Values; languages: string[] }> {
  const { locale } = useLanguage();
  const { member, workspace } = useSession();
  const channels = useChannels();
  const queries = useQueryClient();
  return async () => {
    const contact = await queries.fetchQuery({ ...contactQuery(row.contact.id), staleTime: 60_000 });
    return {
      values: {
        "contact.name": contact.name || row.contact.name,
        "contact.email": contact.email,
        "contact.phone": contact.phone,
        "ticket.number": String(row.ticket.number),
        "member.name": member.display_name || member.name,
        "workspace.name": workspace.name,
        "channel.name": channels.find((one) => one.id === row.channel_id)?.name ?? "",
      },
      languages: [contact.locale.slice(0, 2), workspace.locale, locale],
    };
  };
}
