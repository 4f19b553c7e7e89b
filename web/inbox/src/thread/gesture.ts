/** A place, px from the middle of the stage. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How a picture lies on the stage: enlarged so many times, and moved. */
export interface Lie extends Point {
  readonly zoom: number;
}

export const whole: Lie = { zoom: 1, x: 0, y: 0 };
/** As large as a picture becomes. */
export const most = 5;
const swipeAtLeast = 48;

/** The picture so large, about a place that stays where it is; it is never smaller than whole, which lies in the middle. */
export function zoomed(lie: Lie, to: number, about: Point = { x: 0, y: 0 }): Lie {
  const zoom = Math.min(most, Math.max(1, to));
  const by = zoom / lie.zoom;
  return zoom === 1 ? whole : { zoom, x: about.x - (about.x - lie.x) * by, y: about.y - (about.y - lie.y) * by };
}

const between = ([a, b]: readonly [Point, Point]): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
const apart = ([a, b]: readonly [Point, Point]) => Math.hypot(a.x - b.x, a.y - b.y) || 1;

/** Two fingers went elsewhere: what lay between them still does. */
export function pinched(lie: Lie, from: readonly [Point, Point], to: readonly [Point, Point]): Lie {
  const [was, is] = [between(from), between(to)];
  const next = zoomed(lie, (lie.zoom * apart(to)) / apart(from), was);
  return next.zoom === 1 ? whole : { ...next, x: next.x + is.x - was.x, y: next.y + is.y - was.y };
}

/** Where a finger that went so far leads: 1 to the next picture, -1 back to the one before, 0 nowhere. */
export function swiped(from: Point, to: Point): -1 | 0 | 1 {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  if (Math.abs(dx) < swipeAtLeast || Math.abs(dx) < Math.abs(dy) * 1.5) return 0;
  return dx < 0 ? 1 : -1;
}
