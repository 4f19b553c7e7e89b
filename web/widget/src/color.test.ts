import { expect, test } from "vitest";
import { inkOn, luminance, rgb, textOn } from "./color.ts";

/** Of "#rgb", "#rrggbb" and "color(srgb r g b)". */
const parts = (one: string) => (one.startsWith("color") ? (one.match(/[\d.e-]+(?=[ )])/g)?.map(Number) as ReturnType<typeof rgb>) : rgb(one.length === 4 ? one.replace(/\w/g, "$&$&") : one));
const contrast = (a: string, b: string) => {
  const [light = 0, dark = 0] = [a, b].map((one) => luminance(parts(one))).sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};

test("text on any colour, and any colour as text, reads (4.5:1)", () => {
  for (let n = 0; n < 2 ** 24; n += 40_503) {
    const color = `#${n.toString(16).padStart(6, "0")}`;
    expect(contrast(color, textOn(color))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(inkOn(color, false), "#ffffff")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(inkOn(color, true), "#17181b")).toBeGreaterThanOrEqual(4.5);
  }
});
