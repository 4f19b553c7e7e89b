import { snoozePresets } from "../actions/snooze.ts";
import { useSession } from "../api/session.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useNow } from "../i18n/now.ts";
import { MenuItem } from "../ui/menu.tsx";

/** Until when a ticket may sleep once its reply is sent: the choices that there are everywhere. */
export default function SnoozeChoices({ onPick, onAsk }: { onPick: (until: Date) => void; onAsk: () => void }) {
  const { t, format } = useLanguage();
  const { zone } = useSession().user;
  const now = useNow();
  return (
    <>
      {snoozePresets(now, zone).map(({ id, label, until }) => (
        <MenuItem key={id} onSelect={() => onPick(until)}>
          {t(label)} <span className="text-xs text-muted">{format.moment(until, now)}</span>
        </MenuItem>
      ))}
      <MenuItem onSelect={onAsk}>{t("snooze.custom")}</MenuItem>
    </>
  );
}
