import { Link } from "@tanstack/react-router";
import { useLanguage } from "../../i18n/index.tsx";
import { useNow } from "../../i18n/now.ts";
import { Button } from "../../ui/button.tsx";
import { sentence } from "../../ui/toast.tsx";
import { JudgedToday } from "../conditions/today.tsx";
import { Group } from "../section.tsx";
import { faultOf, type Draft } from "./rules.ts";
import { useTrial } from "./use-trial.ts";

const days = 30;
const dayMs = 86_400_000;

/** What the rules, saved or not, would have done with the tickets of the last days. */
export function TrialPanel({ rules }: { rules: readonly Draft[] }) {
  const { t, format } = useLanguage();
  const now = useNow();
  const { state, start, stop } = useTrial();
  const ready = rules.length > 0 && rules.every((rule) => !faultOf(t, { ...rule, name: rule.name || "-" }));
  const sum = state?.sum;
  const done = sum?.reached ? Math.min(1, (now.getTime() - Date.parse(sum.reached)) / (days * dayMs)) : 0;
  return (
    <Group
      title={t("routing.trial")}
      hint={t("routing.trial_hint")}
      actions={
        state?.going ? (
          <Button onClick={stop}>{t("routing.trial_stop")}</Button>
        ) : (
          <Button disabled={!ready} onClick={() => void start(rules)}>
            {t("routing.trial_start")}
          </Button>
        )
      }
    >
      {state?.going && <progress aria-label={t("routing.trial")} className="h-1.5 w-full accent-accent" max={1} value={done} />}
      <output className="text-sm">{sum && !state.going ? t("routing.trial_sum", { count: sum.tickets }) : ""}</output>
      {state?.error != null && (
        <p role="alert" className="text-sm text-danger">
          {sentence(t, state.error).text}
        </p>
      )}
      {sum && (
        <ul aria-label={t("routing.trial")} className="divide-y divide-line rounded-md border border-line">
          {state.asked.map((rule, i) => {
            const { taken = 0, later = 0, examples = [] } = sum.rules[i] ?? {};
            return (
              <li key={rule.key} className="flex flex-col gap-1 px-4 py-2.5">
                <p className="flex flex-wrap items-baseline justify-between gap-x-4">
                  <bdi className="font-medium">{rule.name.trim() || t("routing.unnamed", { n: i + 1 })}</bdi>
                  <span className="text-sm tabular-nums">{rule.active ? t("routing.trial_taken", { count: taken }) : t("routing.off")}</span>
                </p>
                {rule.active && <JudgedToday asked={rule.conditions} facts={sum.today} />}
                {later > 0 && <p className="text-xs text-muted">{t("routing.trial_later", { count: later })}</p>}
                {examples.length > 0 && (
                  <ul aria-label={t("routing.trial_examples")} className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
                    {examples.map((one) => (
                      <li key={one.number}>
                        <Link to="/" search={{ view: "all", c: String(one.conversation_id) }}>
                          #{one.number} <bdi>{one.contact_name}</bdi>
                        </Link>
                        <span className="ml-1.5 text-xs text-muted">{format.day(new Date(one.created_at), now)}</span>
                      </li>
                    ))}
                  </ul>
                )}
              </li>
            );
          })}
          <li className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2.5">
            <span>{t("routing.trial_none")}</span>
            <span className="text-sm tabular-nums">{t("routing.trial_taken", { count: sum.none })}</span>
          </li>
        </ul>
      )}
      {sum?.cut && <p className="text-sm text-muted">{t("routing.trial_cut", { count: sum.tickets })}</p>}
    </Group>
  );
}
