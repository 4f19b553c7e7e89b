import { useQuery } from "@tanstack/react-query";
import { ticketQuery } from "../api/contacts.ts";
import { usePermission } from "../api/session.ts";
import type { Id, Row } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { Time } from "../i18n/time.tsx";
import { useKnownChannels, useMember, useTags, useTeams } from "../inbox/directory.tsx";
import { channelLabel, channelName } from "../list/channel-icon.tsx";
import { PriorityFlag } from "../list/row.tsx";
import { StatusBadge } from "../thread/status-badge.tsx";
import { TagChip } from "../ui/badge.tsx";
import { TicketFields } from "./custom-field.tsx";
import { Rating } from "./rating.tsx";
import { Section, Value } from "./section.tsx";
import { CaseSLA } from "./sla.tsx";

/** All that is known of the case beside (G3.2). */
export function CaseBox({ row: { ticket, channel_id, channel_kind } }: { row: Row }) {
  const { t } = useLanguage();
  const may = usePermission("conversation.reply");
  const channel = useKnownChannels().find((one) => one.id === channel_id);
  return (
    <Section title={t("customer.case")}>
      <Value label={t("customer.case_number")}>{`#${ticket.number}`}</Value>
      <Standing ticket={ticket} />
      <Value label={t("customer.channel")}>{channel ? channelLabel(t, channel) : channelName(t, channel_kind)}</Value>
      <FiledBy id={ticket.id} />
      <TicketFields id={ticket.id} disabled={!may} />
      <CaseSLA ticket={ticket} />
      <CaseRating id={ticket.id} />
      {ticket.wait_since && (
        <Value label={t("customer.waiting")}>
          <Time at={ticket.wait_since} form="span" />
        </Value>
      )}
    </Section>
  );
}

/** Where the case stands and with whom; the thread's header changes it. */
function Standing({ ticket }: { ticket: Row["ticket"] }) {
  const { t } = useLanguage();
  const assignee = useMember(ticket.assignee_id);
  const team = useTeams().find((one) => one.id === ticket.team_id);
  const tags = useTags().filter((tag) => ticket.tag_ids?.includes(tag.id));
  return (
    <>
      <Value label={t("filter.status")}>
        <StatusBadge ticket={ticket} />
      </Value>
      <Value label={t("filter.priority")}>
        <span className="inline-flex items-baseline gap-1 *:self-center">
          <PriorityFlag priority={ticket.priority} label={t(`priority.${ticket.priority}`)} />
          {t(`priority.${ticket.priority}`)}
        </span>
      </Value>
      {team && (
        <Value label={t("filter.team")}>
          <bdi>{team.name}</bdi>
        </Value>
      )}
      <Value label={t("filter.assignee")}>
        <bdi>{assignee ? assignee.name : t("people.nobody")}</bdi>
      </Value>
      {tags.length > 0 && (
        <Value label={t("filter.tag")} whole>
          <span className="flex flex-wrap gap-1">
            {tags.map((tag) => (
              <TagChip key={tag.id} name={tag.name} color={tag.color} />
            ))}
          </span>
        </Value>
      )}
    </>
  );
}

/** The routing rule that decided where the case went first (E2). */
function FiledBy({ id }: { id: Id }) {
  const { t } = useLanguage();
  const { data: ticket } = useQuery({ ...ticketQuery(id), enabled: id !== 0 });
  if (!ticket?.routing_rule) return null;
  return (
    <Value label={t("customer.routing_rule")}>
      <bdi>{ticket.routing_rule}</bdi>
    </Value>
  );
}

function CaseRating({ id }: { id: Id }) {
  const { t } = useLanguage();
  const { data: ticket } = useQuery({ ...ticketQuery(id), enabled: id !== 0 });
  if (!ticket?.survey) return null;
  return (
    <Value label={t("customer.rating")} whole>
      <Rating survey={ticket.survey} />
    </Value>
  );
}
