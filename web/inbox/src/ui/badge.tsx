import type { ReactNode } from "react";

const looks = {
  neutral: "bg-press text-muted",
  accent: "bg-accent-fill text-on-accent",
  soft: "bg-accent-soft text-accent",
  danger: "bg-danger-soft text-danger",
  warn: "bg-warn-soft text-warn",
  note: "bg-note text-note-ink",
} as const;

/** A small count or word; colour is never its only sign. */
export function Badge({ children, look = "neutral", title }: { children: ReactNode; look?: keyof typeof looks; title?: string }) {
  return (
    <span title={title} className={`inline-flex h-4.5 min-w-4.5 shrink-0 items-center justify-center gap-1 rounded-full px-1.5 text-2xs font-medium tabular-nums ${looks[look]}`}>
      {children}
    </span>
  );
}

/** The colours that tags may have; "" is neutral. */
export const tagColors: Record<string, string> = {
  "": "#8a929e",
  gray: "#8a929e",
  red: "#d0443c",
  orange: "#d9822b",
  yellow: "#c9a227",
  green: "#3a9a5d",
  teal: "#2f9a94",
  blue: "#3b74d6",
  purple: "#8658c7",
  pink: "#c8548f",
};

/** A ticket's label. */
export function TagChip({ name, color }: { name: string; color: string }) {
  return (
    <span className="inline-flex h-4.5 max-w-32 min-w-0 items-center gap-1 rounded-sm border border-line px-1 text-2xs text-muted">
      <span aria-hidden className="size-1.5 shrink-0 rounded-full" style={{ background: tagColors[color] ?? tagColors[""] }} />
      <bdi className="truncate">{name}</bdi>
    </span>
  );
}
