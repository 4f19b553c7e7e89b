import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { snoozePresets } from "../actions/snooze.ts";
import { remindersQuery } from "../api/desk.ts";
import { forgetReminder, remind } from "../api/later.ts";
import { useSession } from "../api/session.ts";
import { useLanguage, useRoom } from "../i18n/index.tsx";
import { useNow } from "../i18n/now.ts";
import { instantAt, wallClock } from "../i18n/wall-clock.ts";
import { ownZone } from "../i18n/zones.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { Switch } from "../ui/switch.tsx";
import { useToast } from "../ui/toast.tsx";
import { useInbox } from "./context.tsx";

/** Asks when to be reminded of the open conversation, and whether only if nobody answers (G4.10). */
export default function Remind({ onClose }: { onClose: () => void }) {
  const { t, format } = useLanguage();
  const words = useRoom("later");
  const { open } = useInbox();
  const now = useNow();
  const toast = useToast();
  const queries = useQueryClient();
  const { data: all = [] } = useQuery(remindersQuery);
  const before = all.find((one) => one.conversation_id === open);
  const zone = useSession().user.zone || ownZone();
  const [presets] = useState(() => snoozePresets(new Date(), zone));
  const [value, setValue] = useState(() => presets.find(({ id }) => id === "tomorrow")?.wall ?? wallClock(new Date(), zone));
  const [note, setNote] = useState(before?.note ?? "");
  const [unless, setUnless] = useState(true);
  const [busy, setBusy] = useState(false);
  const at = instantAt(value, zone);
  const past = !(at.getTime() > now.getTime());
  if (!words) return null;
  const run = async (what: () => Promise<unknown>, said?: string) => {
    setBusy(true);
    try {
      await what();
      await queries.invalidateQueries({ queryKey: remindersQuery.queryKey });
      if (said) toast.say(said);
      onClose();
    } catch (error) {
      toast.problem(error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={t("later.remind_title")}
      width="sm"
      footer={
        <>
          {before && (
            <Button disabled={busy} onClick={() => void run(() => forgetReminder(open))}>
              {t("action.delete")}
            </Button>
          )}
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button look="primary" busy={busy} disabled={past} onClick={() => void run(() => remind(open, { at: at.toISOString(), unless_answered: unless, note }), t("later.remind_set", { at: format.moment(at, now) }))}>
            {t("later.remind_do")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 pb-1">
        <ul className="flex flex-wrap gap-1.5">
          {presets.map(({ id, label, wall }) => (
            <li key={id}>
              <Button size="sm" aria-pressed={wall === value} title={format.moment(instantAt(wall, zone), now)} onClick={() => setValue(wall)}>
                {t(label)}
              </Button>
            </li>
          ))}
        </ul>
        <TextField type="datetime-local" label={t("later.at")} value={value} min={wallClock(now, zone)} onChange={(event) => setValue(event.target.value)} error={past ? t("later.past") : ""} />
        <TextField label={t("later.remind_note")} value={note} maxLength={200} onChange={(event) => setNote(event.target.value)} autoComplete="off" />
        <Switch label={t("later.remind_unless")} checked={unless} onChange={setUnless} />
      </div>
    </Dialog>
  );
}
