import { expect, test } from "vitest";
import { most, pinched, swiped, whole, zoomed, type Lie, type Point } from "./gesture.ts";

/** Where a spot of the picture is seen. */
const seen = (lie: Lie, spot: Point) => ({ x: lie.x + spot.x * lie.zoom, y: lie.y + spot.y * lie.zoom });
const at = (x: number, y: number): Point => ({ x, y });

test("two fingers draw a picture larger, and each stays on what it touched", () => {
  const lie = pinched(whole, [at(-10, 20), at(30, 20)], [at(-50, 60), at(70, 60)]);
  expect(lie.zoom).toBe(3);
  expect(seen(lie, at(-10, 20))).toEqual(at(-50, 60));
  expect(seen(lie, at(30, 20))).toEqual(at(70, 60));
  const moved = pinched(lie, [at(0, 0), at(0, 100)], [at(5, 7), at(5, 107)]);
  expect(moved).toEqual({ zoom: 3, x: lie.x + 5, y: lie.y + 7 });
});

test("it grows and shrinks within limits, and what is whole lies in the middle", () => {
  const fingers: [Point, Point] = [at(0, 0), at(10, 0)];
  expect(pinched(whole, fingers, [at(0, 0), at(9_000, 0)]).zoom).toBe(most);
  expect(pinched({ zoom: 2, x: 40, y: 9 }, fingers, [at(0, 0), at(3, 0)])).toEqual(whole);
  expect(pinched(whole, [at(4, 4), at(4, 4)], fingers).zoom).toBeGreaterThan(1);
  expect(zoomed({ zoom: 2, x: 40, y: 8 }, 3)).toEqual({ zoom: 3, x: 60, y: 12 });
  expect(zoomed({ zoom: 2, x: 40, y: 8 }, 0.5)).toEqual(whole);
});

test("a finger that goes far enough across leads to the next picture or back", () => {
  expect(swiped(at(0, 0), at(-60, 5))).toBe(1);
  expect(swiped(at(0, 0), at(60, -5))).toBe(-1);
  expect(swiped(at(0, 0), at(-40, 0)), "too short").toBe(0);
  expect(swiped(at(0, 0), at(-60, 80)), "down").toBe(0);
});
