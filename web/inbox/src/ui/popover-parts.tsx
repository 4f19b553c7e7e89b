import { Popover as Base } from "@base-ui/react/popover";
import type { PopoverProps } from "./popover.tsx";

/** The panel with its button. */
export function Popover({ trigger, label, children, align = "start", side = "bottom", open, onOpenChange, className = "p-3", back }: PopoverProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} side={side} sideOffset={4} collisionPadding={8} className="z-40">
          <Base.Popup aria-label={label} {...(back ? { finalFocus: () => back() ?? true } : {})} className={`popup max-h-(--available-height) max-w-[calc(100vw-1rem)] overflow-auto ${className}`}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
