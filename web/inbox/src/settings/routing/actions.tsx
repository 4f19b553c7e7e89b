import { useT } from "../../i18n/index.tsx";
import { MultiCombobox } from "../../ui/combobox.tsx";
import { Select } from "../../ui/select.tsx";
import type { Choices } from "../conditions/choices.ts";
import type { Action } from "./rules.ts";

const priorities = ["urgent", "high", "normal", "low"] as const;
const none = "";

/** What a rule does with a ticket: each thing at most once, except tags. */
export function RoutingActions({ value, onChange, choices }: { value: readonly Action[]; onChange: (actions: Action[]) => void; choices: Choices }) {
  const t = useT();
  const chosen = (kind: Action["kind"]) => value.find((action) => action.kind === kind);
  const put = (kind: Action["kind"], actions: Action[]) => onChange([...value.filter((action) => action.kind !== kind), ...actions]);
  const nothing = { value: none, label: t("routing.unchanged") };
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Select
        label={t("routing.team")}
        value={String(chosen("team")?.team_id ?? none)}
        onChange={(id) => put("team", id === none ? [] : [{ kind: "team", team_id: Number(id) }])}
        options={[nothing, ...choices.teams]}
      />
      <Select
        label={t("routing.agent")}
        hint={t("routing.agent_hint")}
        value={String(chosen("assign")?.member_id ?? none)}
        onChange={(id) => put("assign", id === none ? [] : [{ kind: "assign", member_id: Number(id) }])}
        options={[nothing, ...choices.members]}
      />
      <Select
        label={t("routing.priority")}
        value={String(chosen("priority")?.priority ?? none)}
        onChange={(priority) => put("priority", priority === none ? [] : [{ kind: "priority", priority }])}
        options={[nothing, ...priorities.map((priority) => ({ value: priority, label: t(`priority.${priority}`) }))]}
      />
      {(choices.policies.length > 0 || chosen("sla")) && (
        <Select
          label={t("routing.sla")}
          value={String(chosen("sla")?.policy_id ?? none)}
          onChange={(id) => put("sla", id === none ? [] : [{ kind: "sla", policy_id: Number(id) }])}
          options={[nothing, ...choices.policies]}
        />
      )}
      <MultiCombobox
        label={t("routing.tags")}
        items={choices.tags}
        value={value.filter((action) => action.kind === "add_tag").map((action) => String(action.tag_id))}
        onChange={(ids) => put("add_tag", ids.map((id) => ({ kind: "add_tag", tag_id: Number(id) })))}
        placeholder={t("conditions.choose")}
        removeLabel={(name) => t("conditions.value_remove", { name })}
      />
    </div>
  );
}
