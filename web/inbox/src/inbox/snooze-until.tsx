import { useState } from "react";
import { localValue } from "../actions/snooze.ts";
import { useT } from "../i18n/index.tsx";
import { useNow } from "../i18n/now.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { useInbox } from "./context.tsx";

/** Asks for a time of one's own to sleep until. */
export default function SnoozeUntil({ many, onClose }: { many: boolean; onClose: () => void }) {
  const t = useT();
  const { actions, commands } = useInbox();
  const now = useNow();
  const [value, setValue] = useState(() => localValue(new Date(now.getTime() + 24 * 3_600_000)));
  const until = new Date(value);
  const past = !(until.getTime() > now.getTime());
  const done = () => {
    if (past) return;
    if (many) void commands.bulk.snooze(commands.selected, until);
    else if (actions.row) void actions.work.snooze(actions.row, until);
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
      <TextField type="datetime-local" label={t("snooze.until")} value={value} min={localValue(now)} onChange={(event) => setValue(event.target.value)} error={past ? t("snooze.past") : ""} />
    </Dialog>
  );
}
