import { Switch as Base } from "@base-ui/react/switch";
import type { ReactNode } from "react";

/** On or off, at once. */
export function Switch(props: { label: ReactNode; hint?: ReactNode; checked: boolean; onChange: (checked: boolean) => void; disabled?: boolean }) {
  return (
    <label className="flex items-start gap-3 py-1">
      <Base.Root
        checked={props.checked}
        onCheckedChange={(checked) => props.onChange(checked)}
        disabled={props.disabled}
        className="relative mt-px inline-flex h-6 w-10 shrink-0 items-center rounded-full bg-strong-line p-0.5 transition-colors data-[checked]:bg-accent-fill data-[disabled]:opacity-50"
      >
        <Base.Thumb className="size-5 rounded-full bg-white shadow-bar transition-transform data-[checked]:translate-x-4" />
      </Base.Root>
      <span className="min-w-0">
        <span className="block text-pretty">{props.label}</span>
        {props.hint && <span className="block text-xs text-pretty text-muted">{props.hint}</span>}
      </span>
    </label>
  );
}
