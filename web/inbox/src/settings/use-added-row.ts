import { useEffect, useRef, type RefObject } from "react";

/**
 * Puts the focus into a row once it was added to a list: what comes next is written there, and it stands in view. `rows` finds them
 * in `box`. A row whose code is still on its way is waited for, unless the person goes elsewhere meanwhile.
 */
export function useAddedRow<Box extends HTMLElement>(rows: string): { box: RefObject<Box | null>; added: () => void } {
  const box = useRef<Box>(null);
  const waiting = useRef(false);
  useEffect(() => {
    if (!waiting.current) return;
    waiting.current = false;
    const row = [...(box.current?.querySelectorAll<HTMLElement>(rows) ?? [])].at(-1);
    if (row) enter(row, document.activeElement);
  });
  return { box, added: () => void (waiting.current = true) };
}

function enter(row: HTMLElement, from: Element | null): void {
  const busy = () => row.querySelector("[aria-busy=true]") !== null;
  const focus = () => row.querySelector<HTMLElement>("button, [role=combobox], input")?.focus();
  if (!busy()) return focus();
  const watch = new MutationObserver(() => {
    if (busy()) return;
    watch.disconnect();
    if (document.activeElement === from || document.activeElement === document.body) focus();
  });
  watch.observe(row, { childList: true, subtree: true });
}
