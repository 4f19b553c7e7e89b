/** Runs something once the browser has nothing better to do. Gives what calls it off. */
export function whenIdle(run: () => void): () => void {
  if (typeof requestIdleCallback === "function") {
    const handle = requestIdleCallback(run, { timeout: 2_000 });
    return () => cancelIdleCallback(handle);
  }
  const timer = setTimeout(run, 300);
  return () => clearTimeout(timer);
}

/** How long a page that is not shown, and so has no frames, waits for one, ms. */
const frameWithin = 100;

/** Runs something once what was drawn last is painted: it does not stand in its way. Gives what calls it off. */
export function whenPainted(run: () => void): () => void {
  let timer = setTimeout(run, frameWithin);
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    timer = setTimeout(run);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
