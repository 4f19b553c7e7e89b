import { AlarmClock } from "lucide-react";
import type { Reminder } from "../api/types.ts";
import { useLanguage, useRoom } from "../i18n/index.tsx";
import { useNow } from "../i18n/now.ts";

/** The sign of a reminder of the viewer's: one that has come stands out. */
export default function ReminderMark({ reminder }: { reminder: Reminder }) {
  const { t, format } = useLanguage();
  const now = useNow();
  if (!useRoom("later")) return null;
  const label = reminder.fired_at ? t("later.reminder_due") : t("later.reminder", { at: format.moment(new Date(reminder.due_at), now) });
  return (
    <span title={label} className={reminder.fired_at ? "text-accent" : "text-faint"}>
      <AlarmClock size={13} aria-hidden />
      <span className="sr-only">{label}</span>
    </span>
  );
}
