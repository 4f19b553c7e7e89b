const readAfterMs = 1_000;

/** Does something once the window has been before somebody's eyes for a second (G2.7), again each time it is anew. Gives how to end that. */
export function lookedAt(read: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(timer);
    if (document.hasFocus() && document.visibilityState !== "hidden") timer = setTimeout(read, readAfterMs);
  };
  look();
  window.addEventListener("focus", look);
  window.addEventListener("blur", look);
  document.addEventListener("visibilitychange", look);
  return () => {
    clearTimeout(timer);
    window.removeEventListener("focus", look);
    window.removeEventListener("blur", look);
    document.removeEventListener("visibilitychange", look);
  };
}
