/** A message of the log and how far below the upper edge of what is in sight it ends, px: its head may go when others come above it. */
export interface Anchor {
  piece: HTMLElement;
  below: number;
}

const endOf = (piece: HTMLElement) => piece.offsetTop + piece.offsetHeight;

/** The uppermost message in sight. The lines of the days are no hold: they stick. */
export function anchorIn(box: HTMLElement): Anchor | null {
  const pieces = box.getElementsByTagName("article");
  let [low, high] = [0, pieces.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    const piece = pieces[middle];
    if (piece && endOf(piece) > box.scrollTop) high = middle;
    else low = middle + 1;
  }
  const piece = pieces[low];
  return piece ? { piece, below: endOf(piece) - box.scrollTop } : null;
}

/** Scrolls so that the message stands where it stood, whatever came or went above it. */
export function holdTo({ piece, below }: Anchor, box: HTMLElement): void {
  if (!piece.isConnected) return;
  const top = endOf(piece) - below;
  if (Math.abs(top - box.scrollTop) >= 1) box.scrollTop = top;
}
