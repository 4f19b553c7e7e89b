import { useId, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { useLanguage } from "../../i18n/index.tsx";
import { dayName, days } from "./days.ts";
import { drawn, moved, shownMinutes, spans, stepMinutes, typedSpan, type Grip } from "./grid.ts";
import type { Hours } from "./hours.ts";

interface WeekGridProps {
  week: readonly (readonly Hours[])[];
  onChange: (day: number, hours: Hours[]) => void;
  disabled: boolean;
}

const marks = [0, 6, 12, 18, 24, 30];
const percent = (minute: number) => `${(Math.min(minute, shownMinutes) / shownMinutes) * 100}%`;

/** The week as a picture: hours are drawn, moved and stretched in quarters of an hour, by pointer or by keys. */
export function WeekGrid({ week, onChange, disabled }: WeekGridProps) {
  const { t, locale } = useLanguage();
  const hint = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <fieldset className="flex flex-col gap-1" aria-label={t("schedules.grid")} aria-describedby={disabled ? undefined : hint}>
        {days.map((day) => (
          <DayTrack key={day} name={dayName(day, locale)} short={dayName(day, locale, "short")} hours={week[day] ?? []} onChange={(hours) => onChange(day, hours)} disabled={disabled} hint={hint} />
        ))}
      </fieldset>
      <div aria-hidden className="relative mr-4 ml-12 h-4 text-2xs text-muted tabular-nums">
        {marks.map((hour) => (
          <span key={hour} className="absolute -translate-x-1/2 whitespace-nowrap" style={{ left: percent(hour * 60) }}>
            {hour > 24 ? `+${hour - 24}` : hour}
          </span>
        ))}
      </div>
      {!disabled && (
        <p id={hint} className="text-xs text-pretty text-muted">
          {t("schedules.grid_hint")}
        </p>
      )}
    </div>
  );
}

interface TrackProps {
  name: string;
  short: string;
  hours: readonly Hours[];
  onChange: (hours: Hours[]) => void;
  disabled: boolean;
  hint: string;
}

/** What a pointer does: draws new hours, or moves a part of some. */
type Drag = { kind: "draw"; from: number; before: readonly Hours[] } | { kind: "move"; at: number; grip: Grip; from: number; before: readonly Hours[] };

function DayTrack({ name, short, hours, onChange, disabled, hint }: TrackProps) {
  const { t } = useLanguage();
  const track = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag | null>(null);
  const [said, setSaid] = useState("");

  const minuteAt = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    return box ? ((event.clientX - box.left) / box.width) * shownMinutes : 0;
  };
  const begin = (event: PointerEvent, kind: "draw" | "move", at = -1, grip: Grip = "whole") => {
    if (disabled || event.button !== 0) return;
    event.stopPropagation();
    track.current?.setPointerCapture(event.pointerId);
    const from = minuteAt(event);
    drag.current = kind === "draw" ? { kind, from, before: hours } : { kind, at, grip, from, before: hours };
  };
  const follow = (event: PointerEvent) => {
    const now = drag.current;
    if (!now) return;
    const minute = minuteAt(event);
    if (now.kind === "move") return onChange(moved(now.before, now.at, now.grip, minute - now.from));
    if (Math.abs(minute - now.from) < stepMinutes / 2) return;
    const next = drawn(now.before, now.from, minute);
    if (next) onChange(next);
  };
  const end = () => {
    drag.current = null;
  };
  const cancel = () => {
    if (drag.current) onChange([...drag.current.before]);
    end();
  };

  const key = (event: KeyboardEvent, at: number) => {
    const by = { ArrowRight: stepMinutes, ArrowLeft: -stepMinutes }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      onChange(hours.filter((_, i) => i !== at));
      track.current?.focus();
      return;
    }
    if (by === undefined || event.metaKey) return;
    event.preventDefault();
    const grip: Grip = event.shiftKey ? "end" : event.altKey || event.ctrlKey ? "start" : "whole";
    const next = moved(hours, at, grip, by);
    onChange(next);
    setSaid(`${next[at]?.start}–${next[at]?.end}`);
  };
  const add = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    const last = Math.max(0, ...spans(hours).map((one) => one.end));
    const from = last === 0 ? 9 * 60 : Math.min(last + 60, 23 * 60);
    const next = drawn(hours, from, last === 0 ? 18 * 60 : from + 120);
    if (!next) return;
    onChange(next);
    requestAnimationFrame(() => track.current?.querySelector<HTMLElement>("button:last-of-type")?.focus());
  };

  return (
    <div className="flex items-center gap-2 pr-4">
      <span aria-hidden className="w-10 shrink-0 text-xs text-muted">
        {short}
      </span>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- hours are drawn here; typing them is the other way */}
      <div
        ref={track}
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a timeline that holds its pieces
        role="group"
        aria-label={t("schedules.grid_day", { day: name })}
        aria-describedby={hint}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- Enter adds hours here
        tabIndex={disabled ? -1 : 0}
        onPointerDown={(event) => begin(event, "draw")}
        onPointerMove={follow}
        onPointerUp={end}
        onPointerCancel={cancel}
        onKeyDown={add}
        className={`relative h-8 min-w-0 flex-1 touch-pan-y rounded-sm bg-sunken ${disabled ? "" : "cursor-crosshair"}`}
      >
        {marks.slice(1, -1).map((hour) => (
          <span key={hour} aria-hidden className={`pointer-events-none absolute inset-y-0 w-px ${hour === 24 ? "bg-strong-line" : "bg-line"}`} style={{ left: percent(hour * 60) }} />
        ))}
        {spans(hours).map((span) => {
          const shown = typedSpan(span);
          return (
            <button
              key={span.at}
              type="button"
              disabled={disabled}
              aria-label={t("schedules.grid_span", { day: name, start: shown.start, end: shown.end })}
              onPointerDown={(event) => begin(event, "move", span.at)}
              onKeyDown={(event) => key(event, span.at)}
              style={{ left: percent(span.start), width: `calc(${percent(span.end)} - ${percent(span.start)})` }}
              className={`@container absolute inset-y-0.5 flex items-center justify-center overflow-hidden rounded-sm bg-accent-fill text-2xs whitespace-nowrap text-on-accent tabular-nums ${disabled ? "" : "cursor-grab active:cursor-grabbing"}`}
            >
              {!disabled && <span onPointerDown={(event) => begin(event, "move", span.at, "start")} className="absolute inset-y-0 left-0 w-2 cursor-ew-resize" />}
              <span className="hidden @min-[4.75rem]:inline">{`${shown.start}–${shown.end}`}</span>
              {!disabled && <span onPointerDown={(event) => begin(event, "move", span.at, "end")} className="absolute inset-y-0 right-0 w-2 cursor-ew-resize" />}
            </button>
          );
        })}
        <output className="sr-only">{said}</output>
      </div>
    </div>
  );
}
