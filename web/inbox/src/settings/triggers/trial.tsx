import { Link } from "@tanstack/react-router";
import { useLanguage } from "../../i18n/index.tsx";
import { useNow } from "../../i18n/now.ts";
import { Button } from "../../ui/button.tsx";
import { sentence } from "../../ui/toast.tsx";
import { JudgedToday } from "../conditions/today.tsx";
import { useStretches } from "../use-stretches.ts";
import { Held } from "./runs.tsx";
import { Steps } from "./steps.tsx";
import { tryTrigger, type TriggerDraft, type TriggerTrial } from "./api.ts";

const days = 30;
const dayMs = 86_400_000;
const most = 20; // examples

/** Two stretches together; of the examples the newest stay. */
const added = (sum: TriggerTrial, next: TriggerTrial): TriggerTrial => ({ ...sum, ...next, events: sum.events + next.events, runs: sum.runs + next.runs, examples: [...sum.examples, ...next.examples].slice(-most) });

/** What the trigger, saved or not, would have done in the last days. null where it is not complete. */
export function TriggerTrialPanel({ draft }: { draft: TriggerDraft | null }) {
  const { t, format } = useLanguage();
  const now = useNow();
  const { state, start, stop } = useStretches(tryTrigger, added);
  const sum = state?.sum;
  const done = sum?.reached ? 1 - Math.min(1, Math.max(0, now.getTime() - Date.parse(sum.reached)) / (days * dayMs)) : 0;
  return (
    <section aria-label={t("triggers.trial")} className="flex flex-col gap-2 border-t border-line pt-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="min-w-0 flex-1 basis-56 text-xs text-muted">{t("triggers.trial_hint")}</p>
        {state?.going ? (
          <Button onClick={stop}>{t("triggers.trial_stop")}</Button>
        ) : (
          <Button disabled={!draft} onClick={() => draft && void start(draft)}>
            {t("triggers.trial")}
          </Button>
        )}
      </div>
      {state?.going && <progress aria-label={t("triggers.trial")} className="h-1.5 w-full accent-accent" max={1} value={done} />}
      <output className="text-sm">{sum && !state.going ? t("triggers.trial_sum", { count: sum.runs }) : ""}</output>
      {sum && !state.going && <JudgedToday asked={state.asked.conditions} facts={sum.today} />}
      {state?.error != null && (
        <p role="alert" className="text-sm text-danger">
          {sentence(t, state.error).text}
        </p>
      )}
      {sum && sum.examples.length > 0 && (
        <ul aria-label={t("triggers.trial_examples")} className="max-h-80 divide-y divide-line overflow-y-auto rounded-md border border-line text-sm">
          {sum.examples.toReversed().map((one, i) => (
            <li key={i} className="flex flex-col gap-0.5 px-3 py-1.5">
              <p className="flex flex-wrap items-baseline justify-between gap-x-3">
                <Link to="/" search={{ view: "all", c: String(one.conversation_id) }} target="_blank">
                  #{one.number} <bdi>{one.contact_name}</bdi>
                </Link>
                <span className="text-xs text-muted">{format.moment(new Date(one.at), now)}</span>
              </p>
              <Held found={one.found ?? []} asked={state.asked.conditions ?? {}} />
              <Steps steps={one.steps} tried />
            </li>
          ))}
        </ul>
      )}
      {sum?.cut && <p className="text-xs text-muted">{t("triggers.trial_cut")}</p>}
    </section>
  );
}
