import { useLanguage, type Key, type T } from "../../i18n/index.tsx";
import { nameIn, useChoices, type Choice } from "../conditions/choices.ts";
import type { TriedStep } from "./api.ts";

/** Why an automation says nothing, besides what the server has a sentence for. */
const silences = ["blocked", "muted", "loop_guard", "machine_sender", "echo", "flooding", "answered", "human_replied", "channel_closed"] as const;

function whyNot(t: T, { code, detail = "" }: TriedStep): string {
  const silence = silences.find((one) => one === code);
  return silence ? t(`triggers.silent.${silence}`) : detail;
}

/** Each action with what it changes or writes, or why it is not done. */
export function Steps({ steps, tried = false }: { steps: readonly TriedStep[]; tried?: boolean }) {
  const { t } = useLanguage();
  const changes = useChangesText();
  return (
    <ol className="text-xs text-pretty text-muted">
      {steps.map((step, i) => {
        const what = t(`actions.${step.action}` as Key);
        const become = step.code ? t(tried ? "triggers.would_not" : "triggers.not_done", { why: whyNot(t, step) }) : step.same ? t("triggers.same") : changes(step);
        return (
          <li key={i} className={`break-words ${step.code ? "text-danger" : ""}`}>
            {become ? t("actions.about", { what, about: become }) : what}
            {!step.code && step.text && <q className="ml-1 whitespace-pre-line">{step.text}</q>}
          </li>
        );
      })}
    </ol>
  );
}

/** What changed in a ticket, by name; what follows from it by itself is left out. */
function useChangesText(): (step: TriedStep) => string {
  const { t, format } = useLanguage();
  const choices = useChoices();
  const named = (from: readonly Choice[]) => (value: string) => (value === "" || value === "0" ? "" : format.list(value.split(",").map((id) => nameIn(from, id))));
  const fields: Record<string, (value: string) => string> = {
    status: (value) => (value ? t(`status.${value}` as Key) : ""),
    priority: (value) => (value ? t(`priority.${value}` as Key) : ""),
    assignee_id: named(choices.members),
    team_id: named(choices.teams),
    tag_ids: named(choices.tags),
    sla_policy_id: named(choices.policies),
    snoozed_until: (value) => (value ? format.exact(new Date(value)) : ""),
  };
  return ({ changes = [] }) =>
    changes
      .flatMap(({ field, from = "", to = "" }) => {
        const say = fields[field];
        return say ? [t("triggers.change", { from: say(from) || t("triggers.nothing"), to: say(to) || t("triggers.nothing") })] : [];
      })
      .join(t("triggers.and"));
}
