import { ChevronsUpDown } from "lucide-react";
import { lazy, Suspense, type ReactNode } from "react";

export interface Option<Value extends string> {
  value: Value;
  label: string;
  icon?: ReactNode;
  disabled?: boolean;
}

export interface SelectProps<Value extends string> {
  label: string;
  /** Hide the label where the surroundings say it; it is still read out. */
  hideLabel?: boolean;
  value: Value | null;
  onChange: (value: Value) => void;
  options: readonly Option<Value>[];
  placeholder?: string;
  disabled?: boolean;
  name?: string;
  hint?: ReactNode;
}

const Parts = lazy(() => import("./select-parts.tsx")) as unknown as typeof import("./select-parts.tsx").default;

/** One of a few. For many, or for people and tags, see Combobox. The page stands before the list's code has come. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  return (
    <Suspense fallback={<Shape {...props} />}>
      <Parts {...props} />
    </Suspense>
  );
}

/** The same to the eye. */
function Shape<Value extends string>({ label, hideLabel = false, value, options, hint }: SelectProps<Value>) {
  return (
    <div className="flex w-full flex-col gap-1" aria-busy>
      <span className={hideLabel ? "sr-only" : "text-sm font-medium"}>{label}</span>
      <span className="field flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate">{options.find((option) => option.value === value)?.label}</span>
        <ChevronsUpDown size={14} aria-hidden className="text-faint" />
      </span>
      {hint && <p className="text-xs text-muted">{hint}</p>}
    </div>
  );
}
