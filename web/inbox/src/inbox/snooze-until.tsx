import { useState } from "react";
import { useSession } from "../api/session.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useNow } from "../i18n/now.ts";
import { instantAt, wallClock } from "../i18n/wall-clock.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";

/** Asks for a time of one's own to sleep until, on the clock of the viewer's zone. */
export default function SnoozeUntil({ onPick, onClose }: { onPick: (until: Date) => void; onClose: () => void }) {
  const { t } = useLanguage();
  const { zone } = useSession().user;
  const now = useNow();
  const [value, setValue] = useState(() => wallClock(new Date(now.getTime() + 24 * 3_600_000), zone));
  const until = instantAt(value, zone);
  const past = !(until.getTime() > now.getTime());
  const done = () => {
    if (past) return;
    onPick(until);
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("do.snooze")}
      width="sm"
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button look="primary" disabled={past} onClick={done}>
            {t("do.snooze")}
          </Button>
        </>
      }
    >
      <TextField type="datetime-local" label={t("snooze.until")} value={value} min={wallClock(now, zone)} onChange={(event) => setValue(event.target.value)} error={past ? t("snooze.past") : ""} />
    </Dialog>
  );
}
