import { useState } from "react";
import { useT } from "../../i18n/index.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Switch } from "../../ui/switch.tsx";
import { useChangedPreferences } from "../preferences/change.ts";
import { Group } from "../section.tsx";

/** What is told while the inbox is open; every change holds at once. */
export function WhileOpen() {
  const t = useT();
  const [preferences, change] = useChangedPreferences();
  return (
    <Group title={t("preferences.notifications")} hint={t("preferences.notifications_hint")}>
      <Desktop on={preferences.desktop_notifications} onChange={(desktop_notifications) => change({ desktop_notifications })} />
      <Switch label={t("preferences.sound")} hint={t("preferences.sound_hint")} checked={preferences.sound} onChange={(sound) => change({ sound })} />
    </Group>
  );
}

/** Notifications need the browser's consent, which only a click may ask for. */
function Desktop({ on, onChange }: { on: boolean; onChange: (on: boolean) => void }) {
  const t = useT();
  const [consent, setConsent] = useState(() => ("Notification" in window ? Notification.permission : "denied"));
  const turn = async (next: boolean) => {
    if (!next) return onChange(false);
    const answer = consent === "default" ? await Notification.requestPermission() : consent;
    setConsent(answer);
    onChange(answer === "granted");
  };
  return (
    <>
      <Switch
        label={t("preferences.desktop")}
        hint={t("preferences.desktop_hint")}
        checked={on && consent === "granted"}
        disabled={consent === "denied"}
        onChange={(next) => void turn(next)}
      />
      {consent === "denied" && <Notice look="warn">{t("preferences.desktop_denied")}</Notice>}
    </>
  );
}
