import { useLayoutEffect, useRef, useState, type RefObject } from "react";

/** How many pieces of one width, px, stand side by side in a box, now and when its width changes. */
export function useSlots<Box extends HTMLElement>(width: number): { box: RefObject<Box | null>; slots: number } {
  const box = useRef<Box>(null);
  const [slots, setSlots] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const count = () => setSlots(Math.floor(element.clientWidth / width));
    count();
    const resized = new ResizeObserver(count);
    resized.observe(element);
    return () => resized.disconnect();
  }, [width]);
  return { box, slots };
}
