import { useQuery } from "@tanstack/react-query";
import { contactTicketsQuery, fetchMessages } from "../api/desk.ts";
import type { Id, Ticket } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { Time } from "../i18n/time.tsx";
import { useKnownChannels, useMember } from "../inbox/directory.tsx";
import { channelLabel } from "../list/channel-icon.tsx";
import { StatusBadge } from "../thread/status-badge.tsx";
import { useToast } from "../ui/toast.tsx";
import type { Go } from "./gallery.tsx";
import { Rating } from "./rating.tsx";
import { PriorityFlag } from "../list/row.tsx";

/** Every case of the contact, newest first, each leading to where it begins in its thread. */
export function History({ contact, current, onGo }: { contact: Id; current: Id; onGo: Go }) {
  const { t } = useLanguage();
  const { data } = useQuery(contactTicketsQuery(contact));
  if (data?.length === 0) return <p className="p-4 text-sm text-muted">{t("customer.no_cases")}</p>;
  return (
    <ul className="flex flex-col p-2">
      {data?.map((ticket) => (
        <Case key={ticket.id} ticket={ticket} current={ticket.id === current} onGo={onGo} />
      ))}
    </ul>
  );
}

function Case({ ticket, current, onGo }: { ticket: Ticket; current: boolean; onGo: Go }) {
  const { t } = useLanguage();
  const assignee = useMember(ticket.assignee_id);
  const toast = useToast();
  const open = async () => {
    try {
      const begins = current ? undefined : await fetchMessages(ticket.conversation_id, { from_ticket: ticket.id, limit: 1 });
      onGo(ticket.conversation_id, begins?.items?.[0]?.seq);
    } catch (error) {
      toast.problem(error);
    }
  };
  const channel = useKnownChannels().find((one) => one.id === ticket.channel_id);
  return (
    <li>
      <button type="button" aria-current={current || undefined} onClick={() => void open()} className={`flex w-full flex-col gap-0.5 rounded px-2 py-2 text-left hover:bg-hover ${current ? "bg-accent-soft" : ""}`}>
        <span className="flex items-center gap-2">
          <span className="text-sm font-medium tabular-nums">{`#${ticket.number}`}</span>
          <StatusBadge ticket={ticket} />
          {ticket.priority !== "normal" && <PriorityFlag priority={ticket.priority} label={t(`priority.${ticket.priority}`)} />}
          <span className="flex-1" />
          <Time at={ticket.created_at} form="moment" className="text-xs text-faint" />
        </span>
        <span className="truncate text-xs text-muted">
          <bdi>{channel && channelLabel(t, channel)}</bdi>
          {assignee && (
            <>
              {" · "}
              <bdi>{assignee.name}</bdi>
            </>
          )}
        </span>
        {ticket.survey && <Rating survey={ticket.survey} />}
      </button>
    </li>
  );
}
