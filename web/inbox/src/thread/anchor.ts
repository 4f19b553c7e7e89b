/** A message of the log and how far below the upper edge of what is in sight it stands, px. */
export interface Anchor {
  piece: HTMLElement;
  below: number;
}

/** The uppermost message in sight. The lines of the days are no hold: they stick. */
export function anchorIn(box: HTMLElement): Anchor | null {
  const pieces = box.getElementsByTagName("article");
  let [low, high] = [0, pieces.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    const piece = pieces[middle];
    if (piece && piece.offsetTop + piece.offsetHeight > box.scrollTop) high = middle;
    else low = middle + 1;
  }
  const piece = pieces[low];
  return piece ? { piece, below: piece.offsetTop - box.scrollTop } : null;
}

/** Scrolls so that the message stands where it stood, whatever came or went above it. */
export function holdTo({ piece, below }: Anchor, box: HTMLElement): void {
  if (!piece.isConnected) return;
  const top = piece.offsetTop - below;
  if (Math.abs(top - box.scrollTop) >= 1) box.scrollTop = top;
}
