import { useState, type ReactNode } from "react";
import { useT } from "../../i18n/index.tsx";
import type { Preferences } from "../../preferences/index.ts";
import { setTheme, theme, type Theme } from "../../preferences/theme.ts";
import { Segmented } from "../../ui/segmented.tsx";
import { useToast } from "../../ui/toast.tsx";
import { Switch } from "../../ui/switch.tsx";
import { Group, Section } from "../section.tsx";
import { useChangedPreferences } from "./change.ts";

/** How one member likes the inbox; every change holds at once. */
export function PreferencesPage() {
  const t = useT();
  const toast = useToast();
  const [preferences, change] = useChangedPreferences();
  const [look, setLook] = useState<Theme>(theme);
  return (
    <Section id="preferences">
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
