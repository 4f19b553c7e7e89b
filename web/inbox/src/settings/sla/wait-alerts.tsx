import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Team } from "../../api/types.ts";
import { SaveBar } from "../../form/save-bar.tsx";
import { useForm } from "../../form/use-form.ts";
import { useT } from "../../i18n/index.tsx";
import { TextField } from "../../ui/field.tsx";
import { useToast } from "../../ui/toast.tsx";
import { Group } from "../section.tsx";
import { editWaitAlerts, waitAlertsQuery, type WaitAlert } from "./api.ts";
import { minutesOf, wrong } from "./targets.ts";

const maxWait = 24 * 60;

/** How long somebody may wait for each team before its supervisors hear of it (E19). */
export function WaitAlerts({ teams }: { teams: readonly Team[] }) {
  const { data: alerts } = useQuery(waitAlertsQuery);
  return alerts ? <Alerts teams={teams} alerts={alerts} /> : null;
}

function Alerts({ teams, alerts }: { teams: readonly Team[]; alerts: readonly WaitAlert[] }) {
  const t = useT();
  const queries = useQueryClient();
  const toast = useToast();
  const form = useForm<Record<string, string>>({
    initial: Object.fromEntries(alerts.map((one) => [String(one.team_id), String(one.minutes)])),
    check: (values) => Object.fromEntries(Object.entries(values).map(([team, text]) => [team, wrong(text) || minutesOf(text) > maxWait ? t("sla.wait_wrong") : ""])),
    save: async (values) => {
      await editWaitAlerts(Object.entries(values).map(([team, text]) => ({ team_id: Number(team), minutes: minutesOf(text) })));
      await queries.invalidateQueries({ queryKey: waitAlertsQuery.queryKey });
      toast.say(t("sla.saved"));
    },
  });
  return (
    <Group title={t("sla.waits")} hint={t("sla.waits_hint")}>
      <form {...form.props} className="flex flex-col gap-4">
        <div className="grid gap-4 sm:grid-cols-2">
          {alerts.map(({ team_id }) => (
            <TextField
              key={team_id}
              {...form.text(String(team_id))}
              label={team_id ? t("sla.wait_of", { name: teams.find(({ id }) => id === team_id)?.name ?? "…" }) : t("sla.wait_none")}
              inputMode="numeric"
              autoComplete="off"
              maxLength={5}
            />
          ))}
        </div>
        <SaveBar form={form} />
      </form>
    </Group>
  );
}
