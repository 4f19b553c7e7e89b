import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import type { SelectProps } from "./select.tsx";

/** The select itself. */
export default function SelectParts<Value extends string>({ label, hideLabel = false, value, onChange, options, placeholder, disabled, name, hint }: SelectProps<Value>) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next) => next !== null && onChange(next as Value)}
      items={options.map(({ value, label }) => ({ value, label }))}
      {...(disabled ? { disabled } : {})}
      {...(name ? { name } : {})}
    >
      <div className="flex w-full flex-col gap-1">
        <Base.Label className={hideLabel ? "sr-only" : "text-sm font-medium"}>{label}</Base.Label>
        <Base.Trigger aria-label={label} className="field flex items-center gap-2 text-left">
          <span className="min-w-0 flex-1 truncate">
            <Base.Value placeholder={placeholder} />
          </span>
          <Base.Icon className="text-faint">
            <ChevronsUpDown size={14} aria-hidden />
          </Base.Icon>
        </Base.Trigger>
        {hint && <p className="text-xs text-muted">{hint}</p>}
      </div>
      <Base.Portal render={<section aria-label={label} />}>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} collisionPadding={8} className="z-50">
          <Base.Popup className="popup max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto p-1">
            <Base.List>
              {options.map((option) => (
                <Base.Item key={option.value} value={option.value} disabled={option.disabled} className="choice">
                  {option.icon}
                  <Base.ItemText className="min-w-0 flex-1">{option.label}</Base.ItemText>
                  <Base.ItemIndicator className="text-accent">
                    <Check size={14} aria-hidden />
                  </Base.ItemIndicator>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
