import type { TicketState } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useNow } from "../i18n/now.ts";
import { Badge } from "../ui/badge.tsx";

const looks = { bot: "neutral", queued: "warn", open: "soft", pending: "neutral", snoozed: "neutral", resolved: "neutral" } as const;

/** Where a case stands, in words; asleep ones say until when. */
export function StatusBadge({ ticket }: { ticket: Pick<TicketState, "status" | "snoozed_until"> }) {
  const { t, format } = useLanguage();
  const now = useNow();
  const until = ticket.status === "snoozed" && ticket.snoozed_until ? format.moment(new Date(ticket.snoozed_until), now) : "";
  return <Badge look={looks[ticket.status]}>{until ? t("status.snoozed_until", { until }) : t(`status.${ticket.status}`)}</Badge>;
}
