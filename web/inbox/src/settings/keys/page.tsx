import { RotateCcw } from "lucide-react";
import { useState } from "react";
import { actions, type Action, type ActionGroup } from "../../actions/index.ts";
import { assign, clashes, keysOf, mostKeys, reset, type OwnKeys } from "../../actions/keymap.ts";
import { apple, shownKey } from "../../actions/keys.ts";
import { useT } from "../../i18n/index.tsx";
import { usePreferences } from "../../preferences/index.ts";
import { useOwnKeys } from "../../preferences/keys.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Switch } from "../../ui/switch.tsx";
import { useToast } from "../../ui/toast.tsx";
import { Group, Lines, Section } from "../section.tsx";
import { Recorder } from "./recorder.tsx";

const groups: readonly ActionGroup[] = ["ticket", "write", "go", "select", "view", "you"];
const same = (a: readonly string[], b: readonly string[]) => a.join("\n") === b.join("\n");

/** Every command with its keys, which each member can change. */
export function KeysPage() {
  const t = useT();
  const [preferences, prefer] = usePreferences();
  const own = useOwnKeys();
  const toast = useToast();
  const change = (keys: OwnKeys, said: string) => {
    const before = preferences.keys;
    prefer({ keys: keys as Record<string, string[]> });
    toast.undoable(said, () => prefer({ keys: before }));
  };
  return (
    <Section
      id="keys"
      actions={
        Object.keys(own).length > 0 && (
          <Button onClick={() => change({}, t("keys.reset_done"))}>
            <RotateCcw size={15} aria-hidden /> {t("keys.reset_all")}
          </Button>
        )
      }
    >
      <Switch
        label={t("help.single_keys")}
        hint={t("help.single_keys_hint")}
        checked={preferences.shortcuts}
        onChange={(shortcuts) => {
          prefer({ shortcuts });
          toast.undoable(t(shortcuts ? "keys.single_on" : "keys.single_off"), () => prefer({ shortcuts: !shortcuts }));
        }}
      />
      <p className="text-sm text-pretty text-muted">{t("keys.layout_hint")}</p>
      {groups.map((group) => (
        <Group key={group} title={t(`help.group.${group}`)}>
          <Lines label={t(`help.group.${group}`)}>
            {actions
              .filter((action) => action.group === group)
              .map((action) => (
                <KeyLine key={action.id} action={action} own={own} onChange={(keys) => change(keys, t("keys.changed", { action: t(action.label) }))} />
              ))}
          </Lines>
        </Group>
      ))}
    </Section>
  );
}

/** One command and its keys. */
function KeyLine({ action, own, onChange }: { action: Action; own: OwnKeys; onChange: (own: OwnKeys) => void }) {
  const t = useT();
  const [wanted, setWanted] = useState("");
  const isApple = apple();
  const keys = keysOf(action, own);
  const label = t(action.label);
  const taken = wanted ? clashes(action, wanted, own) : [];
  const give = (key: string) => {
    setWanted("");
    onChange(assign(action, [...keys, key], own));
  };
  const recorded = (key: string) => {
    if (keys.includes(key)) return;
    if (clashes(action, key, own).length > 0) setWanted(key);
    else give(key);
  };
  return (
    <li className="flex flex-col gap-2 px-4 py-1.5">
      <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-0 flex-1 basis-40">{label}</span>
        {keys.length > 0 && (
          <ul aria-label={t("keys.of", { action: label })} className="flex flex-wrap gap-1.5">
            {keys.map((key) => (
              <li key={key}>
                <button
                  type="button"
                  aria-label={t("keys.remove", { key: shownKey(key, isApple), action: label })}
                  title={t("keys.remove", { key: shownKey(key, isApple), action: label })}
                  onClick={() => onChange(assign(action, keys.filter((one) => one !== key), own))}
                  className="inline-flex min-h-7 items-center gap-1 rounded px-1 text-muted hover:bg-hover hover:text-ink"
                >
                  <Kbd>{shownKey(key, isApple)}</Kbd>
                  <span aria-hidden>×</span>
                </button>
              </li>
            ))}
          </ul>
        )}
        {keys.length < mostKeys && <Recorder label={t("keys.add", { action: label })} onKey={recorded} />}
        {!same(keys, action.keys ?? []) && (
          <IconButton label={t("keys.reset", { action: label })} onClick={() => onChange(reset(action, own))}>
            <RotateCcw size={15} aria-hidden />
          </IconButton>
        )}
      </div>
      {wanted && (
        <Notice look="warn">
          <span role="alert">{t("keys.taken", { key: shownKey(wanted, isApple), action: taken.map((one) => t(one.label)).join(t("list.comma")) })}</span>
          <span className="mt-2 flex flex-wrap gap-2">
            <Button size="sm" onClick={() => give(wanted)}>
              {t("keys.take_over")}
            </Button>
            <Button size="sm" onClick={() => setWanted("")}>
              {t("action.cancel")}
            </Button>
          </span>
        </Notice>
      )}
    </li>
  );
}
