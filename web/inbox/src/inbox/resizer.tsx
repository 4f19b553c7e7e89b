import { useRef, type KeyboardEvent, type PointerEvent } from "react";

interface ResizerProps {
  label: string;
  width: number;
  min: number;
  max: number;
  /** Which edge of its pane this is: the pane grows towards it. */
  edge: "left" | "right";
  onWidth: (width: number) => void;
}

/** The line at a pane's edge (within its landmark): dragged, or moved with the arrow keys. */
export function Resizer({ label, width, min, max, edge, onWidth }: ResizerProps) {
  const start = useRef<{ x: number; width: number } | null>(null);
  const sign = edge === "right" ? 1 : -1;
  const set = (next: number) => onWidth(Math.round(Math.min(max, Math.max(min, next))));

  const down = (event: PointerEvent<HTMLDivElement>) => {
    start.current = { x: event.clientX, width };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    if (start.current) set(start.current.width + sign * (event.clientX - start.current.x));
  };
  const up = () => {
    start.current = null;
  };
  const key = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -16, ArrowRight: 16 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    set(width + sign * by);
  };

  return (
    <div
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a movable separator, not a line of text
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onKeyDown={key}
      onDoubleClick={() => set((min + max) / 2 - 48)}
      className={`group absolute inset-y-0 z-10 w-2 cursor-col-resize touch-none ${edge === "right" ? "-right-1" : "-left-1"}`}
    >
      <span className="absolute inset-y-0 left-1/2 w-px bg-line group-hover:w-0.5 group-hover:bg-accent group-focus-visible:w-0.5 group-focus-visible:bg-accent" />
    </div>
  );
}
