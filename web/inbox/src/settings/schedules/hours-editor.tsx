import { Plus, X } from "lucide-react";
import type { ReactNode } from "react";
import { useT } from "../../i18n/index.tsx";
import { IconButton } from "../../ui/button.tsx";
import { faults, minutes, proposal, tidy, type Hours } from "./hours.ts";

interface HoursEditorProps {
  /** The day, for screen readers. */
  day: string;
  hours: readonly Hours[];
  onChange: (hours: Hours[]) => void;
  /** Whether hours may end the next day. */
  overnight: boolean;
  disabled: boolean;
  /** What stands where there are no hours. */
  closed: string;
  actions?: ReactNode;
}

/** The hours of one day, typed. */
export function HoursEditor({ day, hours, onChange, overnight, disabled, closed, actions }: HoursEditorProps) {
  const t = useT();
  const wrong = faults(hours, overnight);
  const put = (at: number, news: Partial<Hours>) => onChange(hours.map((one, i) => (i === at ? { ...one, ...news } : one)));
  return (
    <div className="flex min-w-0 flex-1 items-start gap-1">
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        {hours.length === 0 && <span className="flex min-h-9 items-center text-sm text-muted">{closed}</span>}
        {hours.map((one, i) => {
          const fault = one.start && one.end ? wrong[i] : null;
          const [start, end] = [minutes(one.start), minutes(one.end)];
          const nextDay = overnight && !fault && start !== null && end !== null && end <= start && end > 0;
          const field = (name: "start" | "end") => (
            <input
              aria-label={t(`schedules.${name}_of`, { day, n: i + 1 })}
              aria-invalid={fault ? true : undefined}
              className="field w-18 px-2 text-center tabular-nums"
              inputMode="numeric"
              autoComplete="off"
              maxLength={8}
              placeholder={name === "start" ? "09:00" : "18:00"}
              value={one[name]}
              disabled={disabled}
              onChange={(event) => put(i, { [name]: event.target.value })}
              onBlur={(event) => put(i, { [name]: tidy(event.target.value) })}
            />
          );
          return (
            // oxlint-disable-next-line react/no-array-index-key -- rows have nothing else to be known by
            <div key={i}>
              <div className="flex items-center gap-1.5">
                {field("start")}
                <span aria-hidden className="text-muted">
                  –
                </span>
                {field("end")}
                {!disabled && (
                  <IconButton label={t("schedules.remove_hours", { day, n: i + 1 })} size="sm" onClick={() => onChange(hours.filter((_, j) => j !== i))}>
                    <X size={14} aria-hidden />
                  </IconButton>
                )}
                {nextDay && <span className="text-xs text-muted">{t("schedules.next_day")}</span>}
              </div>
              {fault && (
                <p role="alert" className="mt-0.5 text-xs text-danger">
                  {t(`schedules.fault.${fault}`)}
                </p>
              )}
            </div>
          );
        })}
      </div>
      {!disabled && (
        <>
          <IconButton label={t("schedules.add_hours", { day })} onClick={() => onChange([...hours, proposal(hours)])}>
            <Plus size={16} aria-hidden />
          </IconButton>
          {actions}
        </>
      )}
    </div>
  );
}
