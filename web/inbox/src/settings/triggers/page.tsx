import { useQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, History, Plus, Zap } from "lucide-react";
import { useState } from "react";
import { Waiting } from "../../app/outcomes.tsx";
import { useLanguage, useRoom, useT, type Key } from "../../i18n/index.tsx";
import { useActionText } from "../../macros/words.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty.tsx";
import { useChoices } from "../conditions/choices.ts";
import { conditionsText } from "../conditions/words.ts";
import { EditAndDelete, Lines, Section, useMay } from "../section.tsx";
import { useChange } from "../use-change.ts";
import { useRemoval } from "../use-removal.tsx";
import { editTrigger, orderTriggers, removeTrigger, triggersQuery, type Trigger, type TriggerBody } from "./api.ts";
import { TriggerForm } from "./form.tsx";
import { Runs } from "./runs.tsx";

/** What happens by itself, on events and on time (E28). */
export function TriggersPage() {
  const conditions = useRoom("routing");
  const actions = useRoom("macros");
  return conditions && actions ? <Triggers /> : <Waiting />;
}

function Triggers() {
  const t = useT();
  const may = useMay("triggers");
  const { data: triggers } = useQuery({ ...triggersQuery, enabled: may });
  const [edited, setEdited] = useState<Trigger | "new" | null>(null);
  const [told, setTold] = useState<Trigger | null>(null);
  const removal = useRemoval(triggersQuery.queryKey, removeTrigger, t("triggers.delete_hint"));
  const order = useChange(triggersQuery.queryKey, orderTriggers);
  const turn = useChange(triggersQuery.queryKey, ({ id, updated_at: _at, ...one }: Trigger) => editTrigger(id, { ...one, on: one.on as TriggerBody["on"], enabled: !one.enabled }));
  const move = (at: number, by: 1 | -1) => {
    const ids = (triggers ?? []).map(({ id }) => id);
    const [one] = ids.splice(at, 1);
    if (one !== undefined) ids.splice(at + by, 0, one);
    order.mutate(ids);
  };
  const add = (
    <Button look="primary" onClick={() => setEdited("new")}>
      <Plus size={15} aria-hidden /> {t("triggers.add")}
    </Button>
  );
  return (
    <Section id="triggers" actions={triggers?.length ? add : null}>
      {triggers?.length === 0 && (
        <EmptyState icon={<Zap size={28} aria-hidden />} title={t("triggers.none")} actions={add}>
          {t("triggers.none_hint")}
        </EmptyState>
      )}
      {triggers && triggers.length > 0 && (
        <Lines label={t("settings.triggers.title")}>
          {triggers.map((one, i) => (
            <li key={one.id} className="flex flex-wrap items-center gap-x-1 gap-y-1 py-2 pr-2 pl-4">
              <Summary trigger={one} />
              <Button size="sm" disabled={turn.isPending} onClick={() => turn.mutate(one)}>
                {t(one.enabled ? "triggers.turn_off" : "triggers.turn_on")}
              </Button>
              <IconButton label={t("triggers.up", { name: one.name })} disabled={i === 0 || order.isPending} onClick={() => move(i, -1)}>
                <ArrowUp size={15} aria-hidden />
              </IconButton>
              <IconButton label={t("triggers.down", { name: one.name })} disabled={i === triggers.length - 1 || order.isPending} onClick={() => move(i, 1)}>
                <ArrowDown size={15} aria-hidden />
              </IconButton>
              <IconButton label={t("triggers.runs_of", { name: one.name })} onClick={() => setTold(one)}>
                <History size={15} aria-hidden />
              </IconButton>
              <EditAndDelete name={one.name} onEdit={() => setEdited(one)} onDelete={() => removal.ask(one)} />
            </li>
          ))}
        </Lines>
      )}
      {edited && <TriggerForm trigger={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
      {told && <Runs trigger={told} onClose={() => setTold(null)} />}
      {removal.question}
    </Section>
  );
}

/** A trigger in plain words: when, if, and what. */
function Summary({ trigger }: { trigger: Trigger }) {
  const { t, locale } = useLanguage();
  const choices = useChoices();
  const say = useActionText();
  const when = t(`triggers.on.${trigger.on}` as Key);
  const since = trigger.minutes > 0 ? `${when} · ${t("actions.for_minutes", { count: trigger.minutes })}` : when;
  return (
    <div className="min-w-0 flex-1 basis-64">
      <p className="flex flex-wrap items-center gap-x-2">
        <bdi className="truncate font-medium">{trigger.name}</bdi>
        {!trigger.enabled && <Badge>{t("triggers.off")}</Badge>}
      </p>
      <p className="text-xs text-pretty text-muted">
        {[since, trigger.conditions.groups?.length ? conditionsText(t, locale, trigger.conditions, choices) : "", ...(trigger.actions ?? []).map(say)].filter(Boolean).join(t("macros.then"))}
      </p>
    </div>
  );
}
