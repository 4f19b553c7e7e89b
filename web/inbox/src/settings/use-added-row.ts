import { useEffect, useRef, type RefObject } from "react";

/** Puts the focus into a row once it was added to a list: what comes next is written there, and it stands in view. `rows` finds them in `box`. */
export function useAddedRow<Box extends HTMLElement>(rows: string): { box: RefObject<Box | null>; added: () => void } {
  const box = useRef<Box>(null);
  const waiting = useRef(false);
  useEffect(() => {
    if (!waiting.current) return;
    waiting.current = false;
    const all = box.current?.querySelectorAll<HTMLElement>(rows);
    all?.item(all.length - 1)?.querySelector<HTMLElement>("button, [role=combobox], input")?.focus();
  });
  return { box, added: () => void (waiting.current = true) };
}
