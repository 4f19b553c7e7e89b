import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Split } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Waiting } from "../../app/outcomes.tsx";
import { SaveBar } from "../../form/save-bar.tsx";
import { useForm } from "../../form/use-form.ts";
import { useRoom, useT } from "../../i18n/index.tsx";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty.tsx";
import { putRoutingRules, routingQuery } from "../api.ts";
import { useChoices } from "../conditions/choices.ts";
import { Section, useMay } from "../section.tsx";
import { RuleCard } from "./rule-card.tsx";
import { draftOf, faultOf, newDraft, ruleOf, type Draft, type RoutingRules } from "./rules.ts";
import { TrialPanel } from "./trial.tsx";

/** Where new tickets go. */
export function RoutingPage() {
  const texts = useRoom("routing");
  const may = useMay("routing");
  const { data } = useQuery({ ...routingQuery, enabled: may });
  if (!texts || (may && !data)) return <Waiting />;
  return <Section id="routing">{data && <Rules kept={data} may={may} />}</Section>;
}

function Rules({ kept, may }: { kept: RoutingRules; may: boolean }) {
  const t = useT();
  const queries = useQueryClient();
  const choices = useChoices();
  const [open, setOpen] = useState<string | null>(null);
  const cards = useRef(new Map<string, HTMLElement>());
  const wanted = useRef<{ key: string; what: string } | null>(null);
  const state = useRef(kept.state);
  const form = useForm<{ rules: Draft[] }>({
    initial: { rules: kept.items.map(draftOf) },
    check: ({ rules }) => ({ rules: rules.some((rule) => faultOf(t, rule)) ? t("routing.check.some") : "" }),
    save: async ({ rules }) => {
      const now = await putRoutingRules({ state: state.current, items: rules.map(ruleOf) });
      state.current = now.state;
      queries.setQueryData(routingQuery.queryKey, now);
      setOpen(null);
      return { rules: now.items.map(draftOf) };
    },
  });
  const { rules } = form.values;
  const { dirty } = form;
  useEffect(() => {
    if (!dirty) state.current = kept.state; // an edit is of the list that was seen when it began
  }, [dirty, kept.state]);
  const judged = form.error("rules") !== "";
  const put = (next: Draft[]) => form.set({ rules: next });
  useEffect(() => {
    const { key, what } = wanted.current ?? { key: "", what: "" };
    wanted.current = null;
    cards.current.get(key)?.querySelector<HTMLElement>(what)?.focus();
  });
  const move = (at: number, by: 1 | -1) => {
    const next = [...rules];
    const [one] = next.splice(at, 1);
    if (!one) return;
    next.splice(at + by, 0, one);
    wanted.current = { key: one.key, what: "[aria-expanded]" };
    put(next);
  };
  const add = () => {
    const fresh = newDraft();
    wanted.current = { key: fresh.key, what: "input" };
    setOpen(fresh.key);
    put([...rules, fresh]);
  };
  const refusal = form.problem?.field ?? "";
  const refused = (at: number) => (new RegExp(`(^|\\.)rules\\.${at}(\\.|$)`).test(refusal) ? (form.problem?.message ?? "") : "");
  return (
    <>
      <form {...form.props} className="flex flex-col gap-4">
        {rules.length === 0 ? (
          <EmptyState icon={<Split size={28} aria-hidden />} title={t("routing.none")}>
            {t("routing.none_hint")}
          </EmptyState>
        ) : (
          <ol aria-label={t("settings.routing.title")} className="flex flex-col gap-2">
            {rules.map((rule, at) => (
              <RuleCard
                key={rule.key}
                ref={(node) => void (node ? cards.current.set(rule.key, node) : cards.current.delete(rule.key))}
                {...{ rule, at, may, choices, judged }}
                of={rules.length}
                open={open === rule.key}
                refused={refused(at)}
                onOpen={(opened) => setOpen(opened ? rule.key : null)}
                onChange={(next) => put(rules.map((one) => (one.key === rule.key ? next : one)))}
                onMove={(by) => move(at, by)}
                onRemove={() => put(rules.filter((one) => one.key !== rule.key))}
                onLeave={() => open === rule.key && faultOf(t, rule) && form.left("rules")}
              />
            ))}
          </ol>
        )}
        {rules.length > 0 && <p className="text-sm text-muted">{t("routing.else")}</p>}
        {may && (
          <Button className="self-start" onClick={add}>
            <Plus size={15} aria-hidden /> {t("routing.add")}
          </Button>
        )}
        <SaveBar form={form} />
      </form>
      <TrialPanel rules={rules} />
    </>
  );
}
