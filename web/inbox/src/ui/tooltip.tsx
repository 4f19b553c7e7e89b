import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement } from "react";
import { Kbd } from "./kbd.tsx";

/** Shows a control's name and shortcut on hover and focus. The control names itself; this is for the eye. */
export function Tooltip(props: { text: string; shortcut?: string | undefined; side?: "top" | "bottom" | "left" | "right"; children: ReactElement<Record<string, unknown>> }) {
  return (
    <Base.Root>
      <Base.Trigger render={props.children} delay={500} />
      <Base.Portal>
        <Base.Positioner side={props.side ?? "bottom"} sideOffset={6} className="z-50">
          <Base.Popup className="flex max-w-72 items-center gap-2 rounded bg-ink px-2 py-1 text-xs text-surface shadow-pop">
            {props.text}
            {props.shortcut && <Kbd inverse>{props.shortcut}</Kbd>}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** Lets tooltips that follow one another appear at once. */
export const TooltipProvider = Base.Provider;
