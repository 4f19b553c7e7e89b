/** What a text costs as SMS: carriers bill by the segment. The same rules as the server's (B5.6). */
export interface Segments {
  encoding: "GSM-7" | "UCS-2";
  /** Septets, or UTF-16 units. */
  units: number;
  count: number;
}

/** The alphabet of GSM-7 (3GPP TS 23.038, 6.2.1) and its extension, whose characters take an escape before them. */
const basic = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const extended = new Set("\f^{}\\[~]|€");

/** Units of a text in one segment, and of each segment of one that takes several: the header which joins them takes the rest. */
const room = { "GSM-7": { single: 160, each: 153 }, "UCS-2": { single: 70, each: 67 } } as const;

/** From so many segments on, the writer is warned (B5.8). */
export const manySegments = 4;

/** Counts a text's segments. An escape or surrogate pair is never divided between two. */
export function countSegments(text: string): Segments {
  const characters = [...text];
  const gsm = characters.every((one) => basic.has(one) || extended.has(one));
  const encoding = gsm ? "GSM-7" : "UCS-2";
  const { single, each } = room[encoding];
  let units = 0;
  let count = 0;
  let used = 0; // of the last segment
  for (const one of characters) {
    const size = gsm ? (extended.has(one) ? 2 : 1) : one.length;
    units += size;
    used += size;
    if (count === 0 || used > each) {
      count++;
      used = size;
    }
  }
  return { encoding, units, count: count > 1 && units <= single ? 1 : count };
}
