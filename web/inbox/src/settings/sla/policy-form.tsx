import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { teamsQuery } from "../../api/desk.ts";
import type { Id } from "../../api/types.ts";
import { check } from "../../form/person.ts";
import { SaveBar } from "../../form/save-bar.tsx";
import { useForm, type Errors } from "../../form/use-form.ts";
import { useT } from "../../i18n/index.tsx";
import { priorities } from "../../list/query.ts";
import { MultiCombobox } from "../../ui/combobox.tsx";
import { TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { useToast } from "../../ui/toast.tsx";
import { schedulesQuery } from "../api.ts";
import { Group, useMay } from "../section.tsx";
import { addPolicy, editPolicy, policiesQuery, type Policy } from "./api.ts";
import { Summary } from "./summary.tsx";
import { TargetTable } from "./target-table.tsx";
import { typed, written, wrong } from "./targets.ts";

export interface PolicyValues {
  name: string;
  team_ids: Id[];
  schedule_id: Id;
  targets: Record<string, string>;
}

const read = (policy: Omit<Policy, "id">): PolicyValues => ({ name: policy.name, team_ids: policy.team_ids ?? [], schedule_id: policy.schedule_id, targets: typed(policy.targets) });

/** Name, teams, hours and targets of one policy. */
export function PolicyForm({ policy }: { policy: Omit<Policy, "id"> & { id: Id | null } }) {
  const t = useT();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const may = useMay("sla");
  const { data: teams = [] } = useQuery(teamsQuery);
  const { data: schedules = [] } = useQuery(schedulesQuery);
  const form = useForm<PolicyValues>({
    initial: read(policy),
    check: (values): Errors<PolicyValues> => ({
      name: check.filled(t, values.name),
      targets: Object.values(values.targets).some((text) => wrong(text)) ? t("sla.target_wrong") : Object.keys(written(values.targets, priorities)).length === 0 ? t("sla.target_missing") : "",
    }),
    save: async (values) => {
      const body = { name: values.name.trim(), team_ids: values.team_ids, schedule_id: values.schedule_id, targets: written(values.targets, priorities) };
      const kept = policy.id === null ? await addPolicy(body) : await editPolicy(policy.id, body);
      await queries.invalidateQueries({ queryKey: policiesQuery.queryKey });
      toast.say(t("sla.saved"));
      if (policy.id === null) await navigate({ to: "/settings/sla/$id", params: { id: String(kept.id) }, replace: true, ignoreBlocker: true });
      return read(kept);
    },
  });
  const { values } = form;
  return (
    <form {...form.props} className="flex flex-col gap-6">
      <fieldset disabled={!may} className="grid gap-4 sm:grid-cols-2">
        <TextField {...form.text("name")} label={t("sla.name")} placeholder={t("sla.name_example")} maxLength={60} autoComplete="off" />
        <Select
          label={t("sla.hours")}
          value={String(values.schedule_id)}
          onChange={(id) => form.set({ schedule_id: Number(id) })}
          options={[{ value: "0", label: t("sla.calendar") }, ...schedules.map(({ id, name }) => ({ value: String(id), label: name }))]}
          disabled={!may}
        />
        <div className="sm:col-span-2">
          <MultiCombobox
            label={t("sla.teams")}
            items={teams.map(({ id, name }) => ({ value: id, label: name }))}
            value={values.team_ids}
            onChange={(team_ids) => form.set({ team_ids })}
            placeholder={t("sla.everybody")}
            removeLabel={(name) => t("sla.team_remove", { name })}
          />
        </div>
      </fieldset>
      <Group title={t("sla.targets")} hint={t("sla.targets_hint")}>
        <TargetTable values={values.targets} onChange={(targets) => form.set({ targets })} onLeave={() => form.left("targets")} disabled={!may} />
        {form.error("targets") && (
          <p role="alert" className="text-sm text-danger">
            {form.error("targets")}
          </p>
        )}
        <Summary values={values} schedules={schedules} />
      </Group>
      <SaveBar form={form} always={policy.id === null} save={policy.id === null ? t("sla.create") : t("action.save")} />
    </form>
  );
}
