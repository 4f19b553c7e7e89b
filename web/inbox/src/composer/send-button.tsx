import { AlarmClock, CalendarClock, ChevronDown, Lock, SendHorizontal } from "lucide-react";
import { lazy, Suspense } from "react";
import { useT } from "../i18n/index.tsx";
import { usePreferences } from "../preferences/index.ts";
import { Button } from "../ui/button.tsx";
import { Menu, MenuItem, MenuRadio, MenuSeparator, Submenu } from "../ui/menu.tsx";
import type { AfterSend } from "./use-composer.ts";

const SnoozeChoices = lazy(() => import("./snooze-choices.tsx"));

const choices: readonly AfterSend[] = ["stay", "resolve", "snooze"];

interface SendProps {
  note: boolean;
  /** Whether a reply may resolve the ticket or let it sleep. */
  decides: boolean;
  busy: boolean;
  disabled: boolean;
  onSend: (after: AfterSend) => void;
  onSchedule: () => void;
  /** Sends and lets the ticket sleep: until then, or the writer is asked. */
  onSnooze: (until?: Date) => void;
}

/** Sends; beside it what else happens then, which is remembered. For notes it looks different, so that nobody errs. */
export function SendButton({ note, decides, busy, disabled, onSend, onSchedule, onSnooze }: SendProps) {
  const t = useT();
  const [preferences, prefer] = usePreferences();
  if (note)
    return (
      <Button busy={busy} disabled={disabled} onClick={() => onSend("stay")} className="border-note-line bg-note-line/40 font-medium text-note-ink hover:bg-note-line/60">
        <Lock size={14} aria-hidden />
        {t("composer.add_note")}
      </Button>
    );
  const after = decides ? preferences.after_send : "stay";
  return (
    <span className="inline-flex">
      <Button look="primary" busy={busy} disabled={disabled} onClick={() => onSend(after)} className="rounded-r-none">
        <SendHorizontal size={14} aria-hidden />
        {t(`composer.send.${after}`)}
      </Button>
      <Menu
        align="end"
        side="top"
        trigger={
          <button type="button" aria-label={t("composer.send_options")} className="reach grid min-h-8 w-7 place-items-center pointer-coarse:w-10 rounded-r border-l border-surface/30 bg-accent-fill text-on-accent hover:bg-accent-fill-hover">
            <ChevronDown size={14} aria-hidden />
          </button>
        }
      >
        {decides && (
          <>
            <MenuRadio<AfterSend> value={after} onChange={(after_send) => prefer({ after_send })} options={choices.map((value) => ({ value, label: t(`composer.send.${value}`) }))} />
            <MenuSeparator />
          </>
        )}
        {decides && !disabled && (
          <Submenu label={t("composer.send_snooze")} icon={<AlarmClock size={15} aria-hidden />}>
            <Suspense>
              <SnoozeChoices onPick={onSnooze} onAsk={onSnooze} />
            </Suspense>
          </Submenu>
        )}
        <MenuItem icon={<CalendarClock size={15} aria-hidden />} disabled={disabled} onSelect={onSchedule}>
          {t("composer.schedule")}
        </MenuItem>
      </Menu>
    </span>
  );
}
