import { useSyncExternalStore } from "react";

/** No bar of a browser that comes and goes is this high, every keyboard on the screen is higher. */
const leastKeyboard = 150;

/** How much of the screen is seen, and how much was at most while it was held this way. */
export interface Seen {
  width: number;
  height: number;
  most: number;
}

/** What is known after the seen part took another size. */
export function resized(before: Seen, width: number, height: number): Seen {
  return { width, height, most: width === before.width ? Math.max(before.most, height) : height };
}

/** Whether a keyboard covers what `seen` lacks; without something to type into it is the window that got smaller. */
export const covered = (seen: Seen, typing: boolean): boolean => typing && seen.most - seen.height >= leastKeyboard;

const typing = () => document.activeElement?.matches("input, textarea, [contenteditable]") ?? false;
const size = () => window.visualViewport ?? { width: innerWidth, height: innerHeight, scale: 1 };

/** Whether the keyboard on the screen is up. */
export function useKeyboardUp(): boolean {
  return useSyncExternalStore(watch, () => covered(seen, typing()));
}

let seen: Seen = resized({ width: 0, height: 0, most: 0 }, size().width, size().height);

function watch(changed: () => void): () => void {
  const measure = () => {
    const { width, height, scale } = size();
    if (scale === 1) seen = resized(seen, width, height); // who zooms in sees less of it, without any keyboard
    changed();
  };
  const signs = [
    [window.visualViewport ?? window, "resize"],
    [document, "focusin"],
    [document, "focusout"],
  ] as const;
  for (const [of, kind] of signs) of.addEventListener(kind, measure);
  return () => {
    for (const [of, kind] of signs) of.removeEventListener(kind, measure);
  };
}
