import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { ticketQuery } from "../api/contacts.ts";
import type { Row } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useNow } from "../i18n/now.ts";
import { Time } from "../i18n/time.tsx";
import { Badge } from "../ui/badge.tsx";
import { Value } from "./section.tsx";

const looks = { ok: "neutral", warning: "warn", breached: "danger", paused: "neutral" } as const;

/** Every promise of a case: when it runs out, that it is kept, broken, or stands still (G3.2). */
export function CaseSLA({ ticket: { id, sla, sla_due, status } }: { ticket: Row["ticket"] }) {
  const { t, format } = useLanguage();
  const now = useNow();
  const queries = useQueryClient();
  const { data: ticket } = useQuery(ticketQuery(id));
  const stands = `${sla} ${sla_due} ${status}`;
  const seen = useRef(stands);
  useEffect(() => {
    if (seen.current === stands) return;
    seen.current = stands;
    void queries.invalidateQueries({ queryKey: ticketQuery(id).queryKey });
  }, [id, queries, stands]);
  return (ticket?.sla?.clocks ?? []).map((clock) => (
    <Value key={clock.metric} label={t(`customer.sla.${clock.metric}`)}>
      <span className="flex flex-wrap items-center gap-x-2">
        <Badge look={looks[clock.state]}>{t(clock.ended_at && clock.state !== "breached" ? "customer.sla.kept" : `sla.${clock.state}`)}</Badge>
        {clock.due_at && (
          <span className={`text-xs ${clock.state === "breached" ? "text-danger" : "text-muted"}`}>
            <Time at={clock.due_at} form="moment" /> {clock.state !== "breached" && t("customer.sla.left", { time: format.span(Math.max(0, Date.parse(clock.due_at) - now.getTime())) })}
          </span>
        )}
      </span>
    </Value>
  ));
}
