import { useRef, useState, type PointerEvent } from "react";
import { pinched, swiped, whole, zoomed, type Lie, type Point } from "./gesture.ts";

type Hand = PointerEvent<HTMLElement>;

/** A place from the middle of the stage. */
function placeOf(event: Hand): Point {
  const stage = event.currentTarget.getBoundingClientRect();
  return { x: event.clientX - stage.left - stage.width / 2, y: event.clientY - stage.top - stage.height / 2 };
}

/** Whether it was a button on the stage that was touched. */
export const onButton = ({ target }: { target: EventTarget }) => target instanceof Element && target.closest("button") !== null;

/** How a picture lies under mouse and fingers: one moves what is enlarged and swipes what is whole, two pinch. */
export function useGestures() {
  const [lie, setLie] = useState(whole);
  /** Where each finger is now, and how the picture lay when their number last changed. */
  const fingers = useRef(new Map<number, Point>());
  const begun = useRef<{ lie: Lie; at: Map<number, Point> }>({ lie, at: new Map() });

  const begin = (from: Lie) => (begun.current = { lie: from, at: new Map(fingers.current) });
  const moved = (): Lie => {
    const { lie: from, at } = begun.current;
    const [one, two] = [...fingers.current].map(([id, to]) => ({ from: at.get(id) ?? to, to }));
    if (one && two) return pinched(from, [one.from, two.from], [one.to, two.to]);
    if (!one) return from;
    const by = { x: one.to.x - one.from.x, y: one.to.y - one.from.y };
    return from.zoom > 1 ? { ...from, x: from.x + by.x, y: from.y + by.y } : { ...whole, x: by.x };
  };
  const down = (event: Hand) => {
    if (onButton(event) || (event.pointerType === "mouse" && lie.zoom === 1)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    fingers.current.set(event.pointerId, placeOf(event));
    begin(lie);
  };
  const move = (event: Hand) => {
    if (!fingers.current.has(event.pointerId)) return;
    fingers.current.set(event.pointerId, placeOf(event));
    setLie(moved());
  };
  const end = (event: Hand, go?: (by: -1 | 1) => void) => {
    const from = begun.current.at.get(event.pointerId);
    const alone = fingers.current.size === 1;
    if (!fingers.current.delete(event.pointerId)) return;
    const rest = lie.zoom === 1 ? whole : lie;
    setLie(rest);
    const by = alone && from && rest.zoom === 1 ? swiped(from, placeOf(event)) : 0;
    begin(rest);
    if (by !== 0) go?.(by);
  };
  return {
    lie,
    zoomTo: (to: number) => setLie((now) => zoomed(now, to)),
    /** For the stage that the picture lies on; a swipe leads with `go` to another picture. */
    handlers: (go: (by: -1 | 1) => void) => ({ onPointerDown: down, onPointerMove: move, onPointerUp: (event: Hand) => end(event, go), onPointerCancel: (event: Hand) => end(event) }),
  };
}
