import type { ReactNode } from "react";

/** What stands where nothing is: what happened, and what to do. */
export function EmptyState(props: { icon?: ReactNode; title: ReactNode; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-sm flex-col items-center gap-2 px-6 py-10 text-center">
      {props.icon && <span className="mb-1 text-faint">{props.icon}</span>}
      <div className="text-base font-medium text-balance">{props.title}</div>
      {props.children && <div className="text-sm text-balance text-muted">{props.children}</div>}
      {props.actions && <div className="mt-2 flex flex-wrap justify-center gap-2">{props.actions}</div>}
    </div>
  );
}
