/**
 * Focuses an element on the next frame, or once it is there: what is loaded lazily comes some frames later. Gives up after a
 * second, and at once when the person has gone elsewhere.
 */
export function focusSoon(id: string, frames = 60, from = document.activeElement): void {
  requestAnimationFrame(() => {
    const now = document.activeElement;
    if (now !== from && now !== document.body && from?.isConnected) return;
    const element = document.getElementById(id);
    if (element) element.focus();
    else if (frames > 0) focusSoon(id, frames - 1, from);
  });
}
