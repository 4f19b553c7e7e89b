import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Waiting } from "../../app/outcomes.tsx";
import { useT } from "../../i18n/index.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Select } from "../../ui/select.tsx";
import { alwaysOpen, removeSchedule, scheduleUsersQuery, schedulesQuery, type Schedule } from "../api.ts";
import { useChange } from "../use-change.ts";

/** Deletes opening hours; where something goes by them, others take their place first (0.10). */
export function ScheduleRemoval({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const t = useT();
  const { data: users } = useQuery(scheduleUsersQuery(schedule.id));
  const { data: schedules = [] } = useQuery(schedulesQuery);
  const [instead, setInstead] = useState<string | null>(null);
  const remove = useChange(schedulesQuery.queryKey, () => removeSchedule(schedule.id, instead ?? ""), onClose);
  const others = schedules.filter(({ id }) => id !== schedule.id);
  const used = (users?.length ?? 0) > 0;
  return (
    <Dialog
      open
      width="sm"
      onOpenChange={(open) => !open && onClose()}
      title={t("settings.delete_question", { name: schedule.name })}
      description={t(used ? "schedules.delete_used" : "schedules.delete_hint")}
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button look="danger" busy={remove.isPending} disabled={!users || (used && instead === null)} onClick={() => remove.mutate(undefined)}>
            {t("action.delete")}
          </Button>
        </>
      }
    >
      {!users && <Waiting />}
      {users && used && (
        <div className="flex flex-col gap-3">
          <ul aria-label={t("schedules.used_by")} className="max-h-48 divide-y divide-line overflow-y-auto rounded-md border border-line text-sm">
            {users.map(({ kind, id, name }) => (
              <li key={`${kind} ${id}`} className="flex flex-wrap justify-between gap-x-3 px-3 py-1.5">
                <bdi>{name}</bdi>
                <span className="text-xs text-muted">{t(`schedules.user.${kind}`)}</span>
              </li>
            ))}
          </ul>
          <Select label={t("schedules.instead")} value={instead} onChange={setInstead} placeholder={t("schedules.choose")} options={[...others.map(({ id, name }) => ({ value: String(id), label: name })), { value: alwaysOpen, label: t("schedules.always") }]} />
          {instead === alwaysOpen && <p className="text-sm text-muted">{t("schedules.always_hint")}</p>}
        </div>
      )}
    </Dialog>
  );
}
