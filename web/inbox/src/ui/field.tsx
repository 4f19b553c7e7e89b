import { useId, type ComponentProps, type ReactNode } from "react";
import { useT } from "../i18n/index.tsx";

interface FieldProps {
  label: string;
  hideLabel?: boolean;
  hint?: ReactNode;
  /** What is wrong with the value, "" if nothing. */
  error?: string | undefined;
}

/** Label, hint and error around a control of one's own, which names them by `${id}-hint` and `${id}-error`. */
export function FieldFrame({ id, label, hideLabel, hint, error, required, children }: FieldProps & { id: string; required?: boolean | undefined; children: ReactNode }) {
  const t = useT();
  return (
    <div className="flex w-full flex-col gap-1">
      <label htmlFor={id} className={hideLabel ? "sr-only" : "text-sm font-medium"}>
        {label}
        {required && <span className="ml-1.5 text-xs font-normal text-muted">{t("ui.required")}</span>}
      </label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-pretty text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
    </div>
  );
}

/** What describes a control inside a FieldFrame. */
export const described = (id: string, { hint, error }: Pick<FieldProps, "hint" | "error">) =>
  [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ") || undefined;

/** A line of text with its label, hint and error. */
export function TextField({ label, hideLabel, hint, error, end, className = "", ...rest }: FieldProps & { /** A button inside its end. */ end?: ReactNode } & ComponentProps<"input">) {
  const own = useId();
  const id = rest.id ?? own;
  return (
    <FieldFrame {...{ id, label, hint, error }} required={rest.required} hideLabel={hideLabel ?? false}>
      <span className="relative">
        <input {...rest} id={id} aria-invalid={error ? true : undefined} aria-describedby={described(id, { hint, error })} className={`field ${end ? "pr-10" : ""} ${className}`} />
        {end && <span className="absolute inset-y-0 right-1 grid place-items-center">{end}</span>}
      </span>
    </FieldFrame>
  );
}

/** Several lines of text with label, hint and error. */
export function Textarea({ label, hideLabel, hint, error, className = "", ...rest }: FieldProps & ComponentProps<"textarea">) {
  const own = useId();
  const id = rest.id ?? own;
  return (
    <FieldFrame {...{ id, label, hint, error }} required={rest.required} hideLabel={hideLabel ?? false}>
      <textarea rows={3} {...rest} id={id} aria-invalid={error ? true : undefined} aria-describedby={described(id, { hint, error })} className={`field resize-y ${className}`} />
    </FieldFrame>
  );
}
