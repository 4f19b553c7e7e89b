import { Popover as Base } from "@base-ui/react/popover";
import { useRef } from "react";
import { BackCloses } from "./back-closes.tsx";
import type { PopoverProps } from "./popover.tsx";

/** The panel with its button. */
export function Popover({ trigger, label, children, align = "start", side = "bottom", open, onOpenChange, className = "p-3", back }: PopoverProps) {
  const popup = useRef<HTMLDivElement>(null);
  /** Who is elsewhere by the time it has closed, in another panel perhaps, stays there. */
  const after = () => {
    const now = document.activeElement;
    return !now || now === document.body || popup.current?.contains(now) ? (back?.() ?? true) : false;
  };
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} side={side} sideOffset={4} collisionPadding={8} className="z-40">
          <Base.Popup ref={popup} aria-label={label} {...(back ? { finalFocus: after } : {})} className={`popup max-h-(--available-height) max-w-[calc(100vw-1rem)] overflow-auto ${className}`}>
            <BackCloses close={() => onOpenChange(false)} />
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
