import { useQueryClient } from "@tanstack/react-query";
import { sessionQuery, useSession } from "../../api/session.ts";
import type { Session, Workspace } from "../../api/types.ts";
import { SaveBar } from "../../form/save-bar.tsx";
import { useForm } from "../../form/use-form.ts";
import { useT, type T } from "../../i18n/index.tsx";
import { TextField } from "../../ui/field.tsx";
import { editWorkspace } from "../api.ts";
import { Section, useMay } from "../section.tsx";
import { Statuses } from "./statuses.tsx";

/** The numbers of the page, with the least and the most that each may be. */
const bounds = { capacity: [1, 100], idle_minutes: [0, 240], requeue_minutes: [0, 1440] } as const;
type Name = keyof typeof bounds;
const labels = { capacity: "staffing.capacity", idle_minutes: "staffing.idle_minutes", requeue_minutes: "staffing.requeue_minutes" } as const;
const names = Object.keys(bounds) as Name[];

const numberOf = (text: string) => Number(text.normalize("NFKC").trim());
const valuesOf = (workspace: Workspace) => Object.fromEntries(names.map((name) => [name, String(workspace[name])])) as Record<Name, string>;

function wrong(t: T, name: Name, text: string): string {
  const [min, max] = bounds[name];
  const value = numberOf(text);
  return /^\d+$/.test(text.normalize("NFKC").trim()) && value >= min && value <= max ? "" : t("staffing.number_wrong", { min, max });
}

/** How much members take at once, when they count as gone, and the statuses they choose from (E7, E8, E15). */
export function AvailabilityPage() {
  const t = useT();
  const queries = useQueryClient();
  const may = useMay("availability");
  const { workspace } = useSession();
  const form = useForm({
    initial: valuesOf(workspace),
    check: (values) => Object.fromEntries(names.map((name) => [name, wrong(t, name, values[name])])),
    save: async (_, changed) => {
      const kept = await editWorkspace(Object.fromEntries(Object.entries(changed).map(([name, text]) => [name, numberOf(text)])));
      queries.setQueryData<Session>(sessionQuery.queryKey, (now) => now && { ...now, workspace: kept });
      return valuesOf(kept);
    },
  });
  const count = (name: Name) => numberOf(form.values[name]) || 0;
  return (
    <Section id="availability">
      <form {...form.props}>
        <fieldset disabled={!may} className="flex flex-col gap-4">
          {names.map((name) => (
            <div key={name}>
              <div className="max-w-56">
                <TextField {...form.text(name)} label={t(labels[name])} inputMode="numeric" maxLength={4} />
              </div>
              <p className="mt-1 text-xs text-muted">{count(name) > 0 ? t(`staffing.${name}_hint`, { count: count(name) }) : name === "capacity" ? "" : t(`staffing.${name}_never`)}</p>
            </div>
          ))}
          <SaveBar form={form} />
        </fieldset>
      </form>
      <Statuses may={may} />
    </Section>
  );
}
