import type { ComponentProps } from "react";

/** A region that scrolls by itself, natively, and can be scrolled by keyboard. */
export function ScrollArea({ className = "", ...rest }: ComponentProps<"div">) {
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard
  return <div tabIndex={0} {...rest} className={`min-h-0 overflow-y-auto overscroll-contain -outline-offset-2 ${className}`} />;
}
