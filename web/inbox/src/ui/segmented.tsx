import { RadioGroup } from "@base-ui/react/radio-group";
import { Radio } from "@base-ui/react/radio";
import type { ReactNode } from "react";

/** One of two or three, all visible. */
export function Segmented<Value extends string>(props: { label: string; value: Value; onChange: (value: Value) => void; options: readonly { value: Value; label: ReactNode }[]; className?: string }) {
  return (
    <RadioGroup aria-label={props.label} value={props.value} onValueChange={(value) => props.onChange(value as Value)} className={`inline-flex rounded bg-press p-0.5 ${props.className ?? ""}`}>
      {props.options.map((option) => (
        <Radio.Root
          key={option.value}
          value={option.value}
          className="reach inline-flex min-h-6 items-center justify-center gap-1 rounded-sm px-2.5 text-xs whitespace-nowrap text-muted data-[checked]:bg-raised data-[checked]:font-medium data-[checked]:text-ink data-[checked]:shadow-bar pointer-coarse:min-h-9 pointer-coarse:px-3"
        >
          {option.label}
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
