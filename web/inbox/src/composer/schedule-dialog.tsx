import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { snoozePresets } from "../actions/snooze.ts";
import { openingQuery, type Later } from "../api/later.ts";
import { useSession } from "../api/session.ts";
import type { Row, Scheduled } from "../api/types.ts";
import { useLanguage, useRoom } from "../i18n/index.tsx";
import { useNow } from "../i18n/now.ts";
import { instantAt, wallClock } from "../i18n/wall-clock.ts";
import { ownZone } from "../i18n/zones.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { Switch } from "../ui/switch.tsx";

interface ScheduleProps {
  row: Row;
  /** What waits already, where only its time changes. */
  now?: Scheduled;
  onPick: (later: Required<Pick<Later, "send_at" | "unless_answered">>) => void;
  onClose: () => void;
}

/** Asks when a reply is to go out, in the viewer's own clock, and whether the customer's own message stops it. */
export default function ScheduleDialog({ row, now: waiting, onPick, onClose }: ScheduleProps) {
  const { t, format } = useLanguage();
  const words = useRoom("later");
  const now = useNow();
  const { data: opening } = useQuery(openingQuery(row.id));
  const zone = useSession().user.zone || ownZone();
  const [presets] = useState(() => snoozePresets(new Date(), zone));
  const [value, setValue] = useState(() => (waiting && Date.parse(waiting.due_at) > Date.now() ? wallClock(new Date(waiting.due_at), zone) : (presets.find(({ id }) => id === "tomorrow")?.wall ?? wallClock(new Date(), zone))));
  const [unless, setUnless] = useState(waiting?.unless_answered ?? true);
  const at = instantAt(value, zone);
  const past = !(at.getTime() > now.getTime());
  if (!words) return null;
  const choices = [...(opening?.at ? [{ id: "opening", text: t("later.opening"), wall: wallClock(new Date(opening.at), zone) }] : []), ...presets.map(({ id, label, wall }) => ({ id, text: t(label), wall }))];
  const done = () => {
    if (past) return;
    onPick({ send_at: at.toISOString(), unless_answered: unless });
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(waiting ? "later.reschedule_title" : "later.schedule_title")}
      width="sm"
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button look="primary" disabled={past} onClick={done}>
            {t(waiting ? "action.save" : "later.schedule_do")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 pb-1">
        <ul className="flex flex-wrap gap-1.5">
          {choices.map(({ id, text, wall }) => (
            <li key={id}>
              <Button size="sm" aria-pressed={wall === value} title={format.moment(instantAt(wall, zone), now)} onClick={() => setValue(wall)}>
                {text}
              </Button>
            </li>
          ))}
        </ul>
        <TextField
          type="datetime-local"
          label={t("later.at")}
          hint={t("later.zone", { zone })}
          value={value}
          min={wallClock(now, zone)}
          onChange={(event) => setValue(event.target.value)}
          error={past ? t("later.past") : ""}
        />
        <Switch label={t("later.unless")} checked={unless} onChange={setUnless} />
        {!past && row.reply_until && Date.parse(row.reply_until) < at.getTime() && <Notice look="warn">{t("later.window")}</Notice>}
      </div>
    </Dialog>
  );
}
