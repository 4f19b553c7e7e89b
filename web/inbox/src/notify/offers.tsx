import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Hand, X } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { availabilitiesQuery, channelsQuery } from "../api/desk.ts";
import { get, post } from "../api/request.ts";
import { usePermission } from "../api/session.ts";
import type { Id, Offer, Row } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";
import { contactName } from "../list/row.tsx";
import { useLive } from "../live/context.tsx";
import { usePreferences } from "../preferences/index.ts";
import { Button } from "../ui/button.tsx";
import { useToast } from "../ui/toast.tsx";
import { useLatest } from "../ui/use-latest.ts";
import { chime } from "./sound.ts";

/** An offer, with when it ends by this browser's clock. */
export interface Asked {
  id: Id;
  conversation: Id;
  ends: number;
}

/** How the server's times are meant here: clocks differ, so what counts is how long an offer stands. */
export const askedOf = (offer: Offer, now: number): Asked => ({ id: offer.id, conversation: offer.conversation_id, ends: now + Date.parse(offer.until) - Date.parse(offer.made_at) });

const offersQuery = queryOptions({
  queryKey: ["offers"],
  queryFn: () => get<{ items: Offer[] }>("/offers").then(({ items }) => items.map((one) => askedOf(one, Date.parse(one.made_at)))),
});

/** Tickets that the member is asked to take, each with the time that is left (E12). Nothing here takes the focus, so no key hits it by accident. */
export function Offers() {
  const t = useT();
  const may = usePermission("ticket.take");
  const { listen } = useLive();
  const queries = useQueryClient();
  const [{ sound }] = usePreferences();
  const rings = useLatest(sound);
  const { data: asked = [] } = useQuery({ ...offersQuery, enabled: may });
  useEffect(
    () =>
      listen(({ kind, offer, subject_id }) => {
        if (kind === "custom_availability.changed") void queries.invalidateQueries({ queryKey: availabilitiesQuery.queryKey });
        if (kind !== "offer.changed") return;
        const open = offer?.state === "open";
        if (open && rings.current) chime();
        queries.setQueryData(offersQuery.queryKey, (all = []) => [...all.filter(({ id }) => id !== subject_id), ...(open ? [askedOf(offer, Date.now())] : [])]);
      }),
    [listen, queries, rings],
  );
  return (
    <ul aria-live="assertive" aria-label={t("offers.label")} className="fixed top-16 right-4 z-40 flex w-[min(22rem,calc(100vw-2rem))] flex-col gap-2">
      {asked.map((one) => (
        <Card key={one.id} asked={one} />
      ))}
    </ul>
  );
}

function Card({ asked }: { asked: Asked }) {
  const t = useT();
  const toast = useToast();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { desk } = useLive();
  const { data: channels = [] } = useQuery(channelsQuery);
  const [busy, setBusy] = useState(false);
  const left = useSecondsTo(asked.ends);
  const row = desk.row(asked.conversation);
  const drop = useCallback(() => void queries.setQueryData(offersQuery.queryKey, (all) => all?.filter(({ id }) => id !== asked.id)), [queries, asked.id]);
  useEffect(() => {
    if (left <= 0) drop();
  }, [left, drop]);
  const answer = (how: "accept" | "decline") => {
    setBusy(true);
    post<Row>(`/offers/${asked.id}/${how}`, {})
      .then(async () => {
        if (how === "accept") await navigate({ to: "/", search: { c: String(asked.conversation) } });
      })
      .catch(toast.problem)
      .finally(drop);
  };
  const name = row ? contactName(row.contact.name, t) : t("offers.somebody");
  return (
    <li className="rounded-md border border-accent bg-raised p-3 shadow-pop">
      <p className="flex items-baseline justify-between gap-3 text-sm font-medium">
        <span className="min-w-0 truncate">{t("offers.title", { name })}</span>
        <span aria-hidden className="shrink-0 text-xs text-muted tabular-nums">
          {t("offers.left", { count: left })}
        </span>
      </p>
      <p className="mt-0.5 line-clamp-2 text-sm text-muted">
        {row && <span className="mr-2">{channels.find(({ id }) => id === row.channel_id)?.name}</span>}
        <bdi>{row?.preview.text}</bdi>
      </p>
      <div className="mt-2 flex gap-2">
        <Button look="primary" disabled={busy} onClick={() => answer("accept")} aria-label={t("offers.accept_of", { name })}>
          <Hand size={15} aria-hidden /> {t("offers.accept")}
        </Button>
        <Button disabled={busy} onClick={() => answer("decline")} aria-label={t("offers.decline_of", { name })}>
          <X size={15} aria-hidden /> {t("offers.decline")}
        </Button>
      </div>
    </li>
  );
}

/** How many seconds are left, counted down while it shows. */
function useSecondsTo(ends: number): number {
  const [left, setLeft] = useState(() => secondsTo(ends));
  useEffect(() => {
    const tick = setInterval(() => setLeft(secondsTo(ends)), 500);
    return () => clearInterval(tick);
  }, [ends]);
  return left;
}

const secondsTo = (ends: number) => Math.max(0, Math.ceil((ends - Date.now()) / 1000));
