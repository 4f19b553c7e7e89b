import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { availabilitiesQuery } from "../../api/desk.ts";
import type { Availability, CustomAvailability } from "../../api/types.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { check } from "../../form/person.ts";
import { useForm } from "../../form/use-form.ts";
import { useT } from "../../i18n/index.tsx";
import { AvailabilityDot } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { Switch } from "../../ui/switch.tsx";
import { addAvailability, editAvailability, removeAvailability, type AvailabilityDraft } from "../api.ts";
import { EditAndDelete, Lines } from "../section.tsx";
import { useChange, useReread } from "../use-change.ts";
import { useRemoval } from "../use-removal.tsx";

const meanings: readonly Availability[] = ["online", "transfer_only", "away", "offline"];

/** The workspace's own statuses, each of which means one of the four (E8). */
export function Statuses({ may }: { may: boolean }) {
  const t = useT();
  const { data: statuses } = useQuery(availabilitiesQuery);
  const [edited, setEdited] = useState<CustomAvailability | "new" | null>(null);
  const removal = useRemoval(availabilitiesQuery.queryKey, removeAvailability, t("staffing.delete_hint"));
  const ready = useChange(availabilitiesQuery.queryKey, () => addAvailability({ name: t("staffing.ready_name"), means: "away", reassigns: true }));
  return (
    <section className="flex flex-col gap-3 border-t border-line pt-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="font-semibold">{t("staffing.statuses")}</h2>
        {may && (
          <Button onClick={() => setEdited("new")}>
            <Plus size={15} aria-hidden /> {t("staffing.add")}
          </Button>
        )}
      </div>
      <p className="-mt-2 text-sm text-pretty text-muted">{t("staffing.statuses_hint")}</p>
      {may && statuses && !statuses.some(({ reassigns }) => reassigns) && (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-md border border-line px-4 py-3">
          <p className="min-w-0 flex-1 basis-64 text-sm text-pretty">{t("staffing.ready_hint")}</p>
          <Button disabled={ready.isPending} onClick={() => ready.mutate(undefined)}>
            <Plus size={15} aria-hidden /> {t("staffing.ready_add", { name: t("staffing.ready_name") })}
          </Button>
        </div>
      )}
      {statuses && statuses.length > 0 && (
        <Lines label={t("staffing.statuses")}>
          {statuses.map((one) => (
            <li key={one.id} className="flex min-h-11 items-center gap-3 py-1 pr-2 pl-4">
              <AvailabilityDot availability={one.means} />
              <div className="min-w-0 flex-1">
                <bdi className="block truncate">{one.name}</bdi>
                <p className="truncate text-xs text-muted">
                  {t("staffing.means_as", { status: t(`availability.${one.means}`) })}
                  {one.reassigns && ` · ${t("staffing.reassigns")}`}
                </p>
              </div>
              {may && <EditAndDelete name={one.name} onEdit={() => setEdited(one)} onDelete={() => removal.ask(one)} />}
            </li>
          ))}
        </Lines>
      )}
      {edited && <StatusForm status={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
      {removal.question}
    </section>
  );
}

function StatusForm({ status, onClose }: { status: CustomAvailability | null; onClose: () => void }) {
  const t = useT();
  const reread = useReread(availabilitiesQuery.queryKey);
  const form = useForm<AvailabilityDraft>({
    initial: { name: status?.name ?? "", means: status?.means ?? "away", reassigns: status?.reassigns ?? false },
    check: ({ name }) => ({ name: check.filled(t, name) }),
    save: async (values) => {
      const draft = { ...values, name: values.name.trim(), reassigns: values.reassigns && values.means !== "online" };
      if (status) await editAvailability(status.id, draft);
      else await addAvailability(draft);
      await reread();
      onClose();
    },
  });
  const { means, reassigns } = form.values;
  return (
    <FormDialog form={form} title={status ? t("settings.edit_named", { name: status.name }) : t("staffing.add")} submit={status ? t("action.save") : t("settings.add")} onClose={onClose}>
      <TextField {...form.text("name")} label={t("staffing.name")} maxLength={40} autoComplete="off" />
      <Select label={t("staffing.means")} hint={t("staffing.means_hint")} value={means} onChange={(next) => form.set({ means: next })} options={meanings.map((value) => ({ value, label: t(`availability.${value}`) }))} />
      {means !== "online" && <Switch label={t("staffing.reassigns")} hint={t("staffing.reassigns_hint")} checked={reassigns} onChange={(next) => form.set({ reassigns: next })} />}
    </FormDialog>
  );
}
