import { cloneElement, useEffect, useState, type ReactElement, type ReactNode } from "react";
import { whenIdle } from "./idle.ts";
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

/** A small panel beside its button, which is but a button until it is first opened. Its code comes when the browser is idle, or then. */
export function Popover(props: PopoverProps) {
  const { open, onOpenChange, trigger } = props;
  const [opened, setOpened] = useState<typeof Parts | null>(null);
  if (open && parts && !opened) setOpened(parts);
  useEffect(() => {
    if (parts) return;
    if (open) return void load().then(setOpened);
    return whenIdle(() => void load());
  }, [open]);
  if (opened) return <opened.Popover {...props} />;
  return cloneElement(trigger, { "aria-haspopup": "dialog", "aria-expanded": open, onClick: () => onOpenChange(true) });
}
