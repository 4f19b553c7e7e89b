import { useId, type ReactNode } from "react";

/** A titled part of the customer pane. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="mb-1 text-xs font-semibold text-muted">
        {title}
      </h3>
      {children}
    </section>
  );
}

/** A fact that cannot be edited. */
export function Value({ label, whole = false, children }: { label: string; /** It may take several lines. */ whole?: boolean; children: ReactNode }) {
  return (
    <dl className="flex min-h-7 items-baseline gap-3 text-sm">
      <dt className="w-20 shrink-0 text-xs text-muted">{label}</dt>
      <dd className={`min-w-0 flex-1 ${whole ? "" : "truncate"}`}>{children}</dd>
    </dl>
  );
}
