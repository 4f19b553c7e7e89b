import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useLanguage } from "../../i18n/index.tsx";
import { useNow } from "../../i18n/now.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { useChoices } from "../conditions/choices.ts";
import type { Condition, Conditions } from "../conditions/facts.ts";
import { conditionText } from "../conditions/words.ts";
import { useRested } from "../use-rested.ts";
import { runsQuery, type Finding, type Trigger } from "./api.ts";
import { Steps } from "./steps.tsx";

/** What a trigger did lately, newest first: what held, what it changed, and what it could not do. */
export function Runs({ trigger, onClose }: { trigger: Trigger; onClose: () => void }) {
  const { t, format } = useLanguage();
  const now = useNow();
  const [which, setWhich] = useState<"all" | "refused">("all");
  const [ticket, setTicket] = useState("");
  const asked = useRested(Number(ticket.replace("#", "")) || 0);
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(runsQuery(trigger.id, which === "refused", asked));
  const runs = data?.pages.flat();
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("triggers.runs_of", { name: trigger.name })} footer={<Button onClick={onClose}>{t("triggers.close")}</Button>}>
      <div className="flex flex-wrap items-end gap-3 pb-3">
        <Segmented label={t("triggers.runs_which")} value={which} onChange={setWhich} options={[{ value: "all", label: t("triggers.runs_all") }, { value: "refused", label: t("triggers.runs_refused") }]} />
        <TextField label={t("triggers.runs_ticket")} inputMode="numeric" maxLength={12} value={ticket} onChange={(event) => setTicket(event.target.value)} />
      </div>
      {runs?.length === 0 && <p className="text-sm text-muted">{t(which === "all" && asked === 0 ? "triggers.no_runs" : "triggers.no_runs_such")}</p>}
      {runs && runs.length > 0 && (
        <ol className="flex flex-col gap-3 text-sm">
          {runs.map((run) => (
            <li key={run.id}>
              <p className="flex flex-wrap gap-x-2">
                <span className="text-muted">{format.moment(new Date(run.at), now)}</span>
                <Link to="/" search={{ view: "all", c: String(run.conversation_id) }}>
                  #{run.ticket_number}
                </Link>
                {run.code && <Badge>{t("triggers.stopped")}</Badge>}
              </p>
              <Held found={run.matched ?? []} asked={trigger.conditions} />
              <Steps steps={run.steps ?? []} />
            </li>
          ))}
        </ol>
      )}
      {hasNextPage && (
        <Button className="mt-3" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("triggers.runs_more")}
        </Button>
      )}
    </Dialog>
  );
}

/** The conditions that held. What held because nothing was found names no value: its condition does. */
export function Held({ found, asked }: { found: readonly Finding[]; asked: Conditions }) {
  const { t, locale, format } = useLanguage();
  const choices = useChoices();
  if (found.length === 0) return null;
  const all = (asked.groups ?? []).flatMap(({ conditions }) => conditions);
  const said = found.map(({ value, ...one }) => {
    const values = value ? [value] : all.find(({ fact, key, op }) => fact === one.fact && key === one.key && op === one.op)?.values;
    return conditionText(t, locale, { ...one, ...(values && { values }) } as Condition, choices);
  });
  return <p className="text-xs text-pretty text-muted">{t("triggers.held", { what: format.list(said) })}</p>;
}
