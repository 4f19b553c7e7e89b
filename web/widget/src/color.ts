/** Red, green and blue of "#rrggbb", 0 to 1 each; anything else reads as a neutral blue. */
export function rgb(color: string): [number, number, number] {
  const hex = /^#[\da-f]{6}$/i.test(color) ? parseInt(color.slice(1), 16) : 0x2563eb;
  return [16, 8, 0].map((bits) => ((hex >> bits) & 255) / 255) as [number, number, number];
}

/** Relative luminance as WCAG 2 defines it. */
export function luminance([r, g, b]: readonly [number, number, number]): number {
  const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** The text colour that reads better on a colour; its contrast is at least 4.5:1 for every colour there is. */
export function textOn(color: string): "#fff" | "#000" {
  // Where the contrasts of white and black are equal.
  return luminance(rgb(color)) > 0.179 ? "#000" : "#fff";
}

/** The colour made dark (or, on a dark page, light) enough to be read as text: 4.5:1 against the panel's ground. */
export function inkOn(color: string, dark: boolean): string {
  const ground = dark ? 0.012 : 1;
  let parts = rgb(color);
  for (let step = 0; step < 20; step++) {
    const own = luminance(parts);
    if ((Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05) >= 4.7) break;
    parts = parts.map((part) => (dark ? part + (1 - part) * 0.1 : part * 0.9)) as typeof parts;
  }
  return `color(srgb ${parts.join(" ")})`;
}
