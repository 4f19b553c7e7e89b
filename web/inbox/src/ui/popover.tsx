import { cloneElement, type ReactElement, type ReactNode } from "react";
import { useLateParts } from "./late-parts.ts";
import type * as Parts from "./popover-parts.tsx";

export interface PopoverProps {
  trigger: ReactElement<Record<string, unknown>>;
  /** Read out when it opens; not shown unless the content shows it. */
  label: string;
  children: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom" | "left" | "right";
  open: boolean;
  onOpenChange: (open: boolean) => void;
  className?: string;
  /** Where the focus goes when it closes; its button if left out. */
  back?: () => HTMLElement | null | undefined;
}

let parts: typeof Parts | null = null;
const load = async () => (parts ??= await import("./popover-parts.tsx"));

/** A small panel beside its button. Its code comes when the browser is idle, or when somebody opens it. */
export function Popover(props: PopoverProps) {
  const { open, onOpenChange, trigger } = props;
  const { ready, hold } = useLateParts(parts, load, open);
  if (ready) return <ready.Popover {...props} />;
  return cloneElement(trigger, { "aria-haspopup": "dialog", "aria-expanded": open, ...hold, onClick: () => onOpenChange(true) });
}
