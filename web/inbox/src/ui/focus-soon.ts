/**
 * Focuses an element on the next frame, or once it is there: what is loaded lazily comes some frames later. For a second it
 * also follows the element when another takes its place (a list whose last row has gone), and gives up at once when the
 * person has gone elsewhere.
 */
export function focusSoon(id: string, frames = 60): void {
  const from = document.activeElement;
  let held: HTMLElement | null = null;
  const look = () => {
    const now = document.activeElement;
    const elsewhere = held ? now !== held && (held.isConnected || now !== document.body) : now !== from && now !== document.body && from?.isConnected;
    if (elsewhere) return;
    const element = document.getElementById(id);
    if (element && element !== held) {
      element.focus();
      held = element;
    }
    if (frames-- > 0) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
