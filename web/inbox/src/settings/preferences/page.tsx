import { useState, type ReactNode } from "react";
import { useT } from "../../i18n/index.tsx";
import { usePreferences, type Preferences } from "../../preferences/index.ts";
import { setTheme, theme, type Theme } from "../../preferences/theme.ts";
import { Notice } from "../../ui/notice.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { useToast } from "../../ui/toast.tsx";
import { Switch } from "../../ui/switch.tsx";
import { Group, Section } from "../section.tsx";

/** How one member likes the inbox; every change holds at once. */
export function PreferencesPage() {
  const t = useT();
  const [preferences, prefer] = usePreferences();
  const toast = useToast();
  const change = (news: Partial<Preferences>) => {
    const before = Object.fromEntries(Object.keys(news).map((name) => [name, preferences[name as keyof Preferences]])) as Partial<Preferences>;
    prefer(news);
    toast.undoable(t("preferences.changed"), () => prefer(before));
  };
  const [look, setLook] = useState<Theme>(theme);
  return (
    <Section id="preferences">
      <Group title={t("preferences.notifications")}>
        <Notifications on={preferences.desktop_notifications} onChange={(desktop_notifications) => change({ desktop_notifications })} />
        <Switch label={t("preferences.sound")} hint={t("preferences.sound_hint")} checked={preferences.sound} onChange={(sound) => change({ sound })} />
      </Group>
      <Group title={t("preferences.writing")}>
        <Choice<Preferences["send_key"]>
          label={t("preferences.send_key")}
          hint={t("preferences.send_key_hint")}
          value={preferences.send_key}
          onChange={(send_key) => change({ send_key })}
          options={[
            { value: "enter", label: t("preferences.send_key.enter") },
            { value: "mod_enter", label: t("preferences.send_key.mod_enter") },
          ]}
        />
        <Choice<string>
          label={t("preferences.undo_send")}
          hint={t("preferences.undo_send_hint")}
          value={String(preferences.undo_send)}
          onChange={(seconds) => change({ undo_send: Number(seconds) })}
          options={[
            { value: "0", label: t("preferences.undo_send.off") },
            { value: "5", label: t("preferences.undo_send.5") },
            { value: "10", label: t("preferences.undo_send.10") },
          ]}
        />
        <Switch label={t("preferences.shortcuts")} hint={t("preferences.shortcuts_hint")} checked={preferences.shortcuts} onChange={(shortcuts) => change({ shortcuts })} />
      </Group>
      <Group title={t("preferences.look")}>
        <Choice<Theme>
          label={t("preferences.theme")}
          hint={t("preferences.theme_hint")}
          value={look}
          onChange={(next) => {
            const show = (one: Theme) => {
              setTheme(one);
              setLook(one);
            };
            show(next);
            toast.undoable(t("preferences.changed"), () => show(look));
          }}
          options={(["auto", "light", "dark"] as const).map((value) => ({ value, label: t(`preferences.theme.${value}`) }))}
        />
        <Choice<Preferences["density"]>
          label={t("preferences.density")}
          hint={t("preferences.density_hint")}
          value={preferences.density}
          onChange={(density) => change({ density })}
          options={(["comfortable", "compact"] as const).map((value) => ({ value, label: t(`preferences.density.${value}`) }))}
        />
      </Group>
    </Section>
  );
}

/** Notifications need the browser's consent, which only a click may ask for. */
function Notifications({ on, onChange }: { on: boolean; onChange: (on: boolean) => void }) {
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

function Choice<Value extends string>(props: { label: string; hint: string; value: Value; onChange: (value: Value) => void; options: readonly { value: Value; label: ReactNode }[] }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
      <div className="min-w-0 flex-1 basis-56">
        <p>{props.label}</p>
        <p className="text-xs text-muted">{props.hint}</p>
      </div>
      <Segmented label={props.label} value={props.value} onChange={props.onChange} options={props.options} />
    </div>
  );
}
