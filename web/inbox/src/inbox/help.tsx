import { Link } from "@tanstack/react-router";
import { actions } from "../actions/index.ts";
import { apple, shownKey } from "../actions/keys.ts";
import { keysOf } from "../actions/keymap.ts";
import { useRoom, useT } from "../i18n/index.tsx";
import { usePreferences } from "../preferences/index.ts";
import { useOwnKeys } from "../preferences/keys.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { Switch } from "../ui/switch.tsx";

const groups = ["ticket", "write", "go", "select", "view", "you"] as const;

/** What is typed to pick something while writing. */
const signs = [
  { label: "composer.canned", sign: "/" },
  { label: "composer.variable", sign: "{{" },
  { label: "composer.emoji", sign: ":" },
  { label: "composer.mention_note", sign: "@" },
] as const;

/** The keyboard map, made from the actions; here single keys can be switched off (WCAG 2.1.4). */
export default function Help({ onClose }: { onClose: () => void }) {
  const t = useT();
  const words = useRoom("thread");
  const [preferences, prefer] = usePreferences();
  const own = useOwnKeys();
  const isApple = apple();
  const sends = preferences.send_key === "enter" ? "Enter" : "Mod+Enter";
  const writing = [
    { label: t("do.send"), key: sends },
    { label: t("do.send_resolve"), key: "Mod+Shift+Enter" },
    ...(words ? signs.map(({ label, sign }) => ({ label: t(label), key: sign })) : []),
  ];
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("nav.help")} width="lg">
      <Switch label={t("help.single_keys")} hint={t("help.single_keys_hint")} checked={preferences.shortcuts} onChange={(shortcuts) => prefer({ shortcuts })} />
      <Link to="/settings/keys" onClick={onClose} className="mt-1 inline-block text-sm">
        {t("help.change")}
      </Link>
      <div className="mt-3 columns-1 gap-8 sm:columns-2">
        {groups.filter((group) => group === "write" || actions.some((action) => action.group === group && keysOf(action, own).length > 0)).map((group) => (
          <section key={group} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 text-sm font-semibold">{t(`help.group.${group}`)}</h3>
            <dl>
              {[
                ...actions.filter((action) => action.group === group).map((action) => ({ label: t(action.label), key: keysOf(action, own)[0] ?? "" })),
                ...(group === "write" ? writing : []),
              ].filter(({ key }) => key !== "").map(({ label, key }) => (
                <div key={label} className="flex min-h-7 items-center justify-between gap-4 text-sm">
                  <dt className="min-w-0 text-muted">{label}</dt>
                  <dd className="shrink-0">
                    <Kbd>{shownKey(key, isApple)}</Kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
