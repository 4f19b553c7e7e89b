import { Info, Lock, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

const looks = {
  info: { box: "bg-accent-soft text-ink", icon: <Info size={16} aria-hidden className="text-accent" /> },
  locked: { box: "bg-press text-ink", icon: <Lock size={16} aria-hidden className="text-muted" /> },
  warn: { box: "bg-warn-soft text-ink", icon: <TriangleAlert size={16} aria-hidden className="text-warn" /> },
} as const;

/** A sentence about the whole page or part of it. */
export function Notice({ look = "info", children, actions }: { look?: keyof typeof looks; children: ReactNode; actions?: ReactNode }) {
  const { box, icon } = looks[look];
  return (
    <div className={`flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md px-3 py-2.5 text-sm ${box}`}>
      <span className="self-start pt-0.5">{icon}</span>
      <div className="min-w-40 flex-1 text-pretty">{children}</div>
      {actions}
    </div>
  );
}
