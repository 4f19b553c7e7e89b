/** Knows when the person last touched anything, for the status "away" (E8). */
export class Input {
  private last = Date.now();
  private readonly touch = () => {
    this.last = Date.now();
  };
  private static readonly kinds = ["pointerdown", "pointermove", "keydown", "wheel", "focus"] as const;

  start(): void {
    for (const kind of Input.kinds) window.addEventListener(kind, this.touch, { passive: true, capture: true });
  }

  stop(): void {
    for (const kind of Input.kinds) window.removeEventListener(kind, this.touch, { capture: true });
  }

  idle = (minutes: number): boolean => minutes > 0 && Date.now() - this.last > minutes * 60_000;
}
