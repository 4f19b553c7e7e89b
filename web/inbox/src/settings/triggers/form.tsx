import type { MacroAction } from "../../api/macros.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { check } from "../../form/person.ts";
import { useForm } from "../../form/use-form.ts";
import { useT } from "../../i18n/index.tsx";
import { TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { ActionsEditor } from "../actions/editor.tsx";
import { useChoices } from "../conditions/choices.ts";
import { ConditionsEditor } from "../conditions/editor.tsx";
import { allComplete, allFacts, tidy, type Conditions } from "../conditions/facts.ts";
import { useReread } from "../use-change.ts";
import { addTrigger, editTrigger, triggersQuery, type Trigger, type TriggerBody } from "./api.ts";
import { StandingTickets } from "./standing.tsx";
import { TriggerTrialPanel } from "./trial.tsx";

/** What starts a trigger, in the order of the list. */
export const starts = [
  "ticket_created", "ticket_reopened", "status_changed", "assigned", "customer_wrote", "member_replied", "tag_added", "sla_warned", "sla_breached", "rated",
  "since_created", "since_customer", "since_reply", "since_pending", "since_waiting", "since_snoozed", "since_resolved",
] as const satisfies readonly TriggerBody["on"][];

const timed = (on: string) => on.startsWith("since_");

interface Values {
  name: string;
  on: TriggerBody["on"];
  minutes: string;
  conditions: Conditions;
  actions: MacroAction[];
  overdue: boolean;
}

const draftOf = ({ on, minutes, conditions, actions }: Values) => ({ on, minutes: timed(on) ? Math.round(Number(minutes)) : 0, conditions: tidy(conditions), actions });

/** When, if and what of a trigger; null makes a new one. */
export function TriggerForm({ trigger, onClose }: { trigger: Trigger | null; onClose: () => void }) {
  const t = useT();
  const choices = useChoices();
  const reread = useReread(triggersQuery.queryKey);
  const enabled = trigger?.enabled ?? true;
  const form = useForm<Values>({
    initial: { name: trigger?.name ?? "", on: (trigger?.on ?? "ticket_created") as TriggerBody["on"], minutes: String(trigger?.minutes || 60), conditions: trigger?.conditions ?? {}, actions: trigger?.actions ?? [], overdue: false },
    check: (values) => ({
      name: check.filled(t, values.name),
      ...(timed(values.on) && !(Number(values.minutes) >= 1) ? { minutes: t("triggers.minutes_missing") } : {}),
      ...(allComplete(values.conditions) ? {} : { conditions: t("routing.check.conditions") }), // said at each that lacks something
      ...(values.actions.length === 0 ? { actions: t("macros.actions_missing") } : {}),
    }),
    save: async (values) => {
      const body = { ...draftOf(values), name: values.name.trim(), enabled, ...(values.overdue && timed(values.on) && enabled && { overdue: true }) };
      if (trigger) await editTrigger(trigger.id, { ...body, version: trigger.version });
      else await addTrigger(body);
      await reread();
      onClose();
    },
  });
  const complete = form.values.actions.length > 0 && allComplete(form.values.conditions) && (!timed(form.values.on) || Number(form.values.minutes) >= 1);
  return (
    <FormDialog form={form} title={trigger ? t("settings.edit_named", { name: trigger.name }) : t("triggers.add")} submit={trigger ? t("action.save") : t("settings.add")} onClose={onClose}>
      <TextField {...form.text("name")} label={t("canned.name")} maxLength={60} autoComplete="off" />
      <Select label={t("triggers.on")} value={form.values.on} onChange={(on) => form.set({ on })} options={starts.map((value) => ({ value, label: t(`triggers.on.${value}`) }))} />
      {timed(form.values.on) && <TextField {...form.text("minutes")} label={t("actions.minutes")} type="number" min={1} max={525600} />}
      <fieldset className="flex flex-col gap-2">
        <legend className="text-sm font-medium">{t("triggers.if")}</legend>
        <ConditionsEditor value={form.values.conditions} onChange={(conditions) => form.set({ conditions })} facts={allFacts} choices={choices} judged={form.error("conditions") !== ""} />
      </fieldset>
      <ActionsEditor by="trigger" actions={form.values.actions} onChange={(actions) => form.set({ actions })} error={form.error("actions")} />
      {complete && enabled && timed(form.values.on) && <StandingTickets id={trigger?.id ?? 0} draft={draftOf(form.values)} overdue={form.values.overdue} onChange={(overdue) => form.set({ overdue })} />}
      <TriggerTrialPanel draft={complete ? draftOf(form.values) : null} />
    </FormDialog>
  );
}
