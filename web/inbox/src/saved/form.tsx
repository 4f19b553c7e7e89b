import { useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { addSavedView, editSavedView, savedViewsQuery } from "../api/saved.ts";
import { usePermission, useSession } from "../api/session.ts";
import type { SavedView } from "../api/types.ts";
import { audienceBody, audienceValue } from "../form/audience.ts";
import { FormDialog } from "../form/form-dialog.tsx";
import { check } from "../form/person.ts";
import { useForm } from "../form/use-form.ts";
import { useT } from "../i18n/index.tsx";
import { useListing } from "../inbox/context.tsx";
import { useTeams } from "../inbox/directory.tsx";
import { TextField } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import { Swatches } from "../ui/swatches.tsx";
import { useToast } from "../ui/toast.tsx";
import { bodyOf, filterOf, searchOf } from "./filter.ts";
import { iconNames, viewIcons, type ViewIcon } from "./icons.ts";

/** Name, audience and mark of a saved view; null keeps what the list shows now. */
export default function SavedForm({ view, onClose }: { view: SavedView | null; onClose: () => void }) {
  const t = useT();
  const toast = useToast();
  const queries = useQueryClient();
  const { query, go } = useListing();
  const audiences = useAudiences(view);
  const form = useForm({
    initial: { name: view?.name ?? "", audience: audienceValue(view), icon: view?.icon ?? "bookmark", color: view?.color ?? "" },
    check: ({ name }) => ({ name: check.filled(t, name) }),
    save: async ({ name, audience, icon, color }) => {
      const body = { name: name.trim(), icon, color, ...audienceBody(audience) };
      const kept = view ? await editSavedView(view.id, bodyOf(view, body)) : await addSavedView({ ...body, filter: filterOf(query), sort: query.sort });
      await queries.invalidateQueries({ queryKey: savedViewsQuery.queryKey });
      toast.say(t("saved.kept", { name: kept.name }));
      onClose();
      if (!view) go(searchOf(kept, query.zone), { replace: true });
    },
  });
  return (
    <FormDialog form={form} title={view ? t("saved.edit", { name: view.name }) : t("saved.keep")} submit={t("action.save")} onClose={onClose}>
      <TextField {...form.text("name")} label={t("saved.name")} maxLength={60} autoComplete="off" required />
      <Select label={t("saved.audience")} value={form.values.audience} onChange={(audience) => form.set({ audience })} options={audiences} hint={t("saved.audience_hint")} />
      <Marks value={form.values.icon} onChange={(icon) => form.set({ icon })} />
      <Swatches value={form.values.color} onChange={(color) => form.set({ color })} />
    </FormDialog>
  );
}

/** For whom the viewer may keep a view. */
function useAudiences(view: SavedView | null) {
  const t = useT();
  const { user } = useSession();
  const manages = usePermission("workspace.manage");
  const assigns = usePermission("ticket.assign_others");
  const teams = useTeams().filter((team) => manages || (assigns && team.member_ids?.includes(user.id)) || team.id === view?.team_id);
  return [
    { value: "personal", label: t("saved.personal") },
    ...teams.map((team) => ({ value: String(team.id), label: t("saved.of_team", { name: team.name }) })),
    ...(manages || assigns || view?.audience === "workspace" ? [{ value: "workspace", label: t("saved.workspace") }] : []),
  ];
}

function Marks({ value, onChange }: { value: string; onChange: (icon: ViewIcon) => void }) {
  const t = useT();
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{t("saved.icon")}</legend>
      <div className="flex flex-wrap gap-1">
        {iconNames.map((icon) => {
          const Icon = viewIcons[icon];
          return (
            <label key={icon} title={t(`saved.icon.${icon}`)} className="relative grid size-9 cursor-pointer place-items-center rounded text-muted hover:bg-hover has-checked:bg-accent-soft has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-accent">
              <input type="radio" name={name} value={icon} checked={icon === value} onChange={() => onChange(icon)} aria-label={t(`saved.icon.${icon}`)} className="absolute inset-0 cursor-pointer opacity-0" />
              <Icon size={16} aria-hidden />
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
