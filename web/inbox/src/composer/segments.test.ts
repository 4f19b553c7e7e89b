import { expect, test } from "vitest";
import { countSegments, type Segments } from "./segments.ts";

/** The vectors of B5.7 and of the server's own test. */
const vectors: readonly [string, Segments["encoding"], number, number][] = [
  ["", "GSM-7", 0, 0],
  ["a".repeat(160), "GSM-7", 160, 1],
  ["a".repeat(161), "GSM-7", 161, 2],
  ["a".repeat(306), "GSM-7", 306, 2],
  ["a".repeat(307), "GSM-7", 307, 3],
  ["€".repeat(80), "GSM-7", 160, 1],
  ["€".repeat(81), "GSM-7", 162, 2],
  ["あ".repeat(70), "UCS-2", 70, 1],
  ["あ".repeat(71), "UCS-2", 71, 2],
  ["あ".repeat(134), "UCS-2", 134, 2],
  ["あ".repeat(135), "UCS-2", 135, 3],
  ["😀".repeat(35), "UCS-2", 70, 1],
  ["😀".repeat(36), "UCS-2", 72, 2],
  ["Hello 😊", "UCS-2", 8, 1],
  [`${"a".repeat(69)}😊`, "UCS-2", 71, 2],
  ["it’s ok", "UCS-2", 7, 1],
  ["it's ok", "GSM-7", 7, 1],
  ["[x]{y}", "GSM-7", 10, 1],
  ["çay", "UCS-2", 3, 1],
  ["Çay", "GSM-7", 3, 1],
  // A pair at the border moves whole: 67 does not divide by 2, and neither does 153.
  ["😀".repeat(66), "UCS-2", 132, 2],
  ["😀".repeat(67), "UCS-2", 134, 3],
  ["€".repeat(152), "GSM-7", 304, 2],
  ["€".repeat(153), "GSM-7", 306, 3],
];

test.each(vectors)("%.12s", (text, encoding, units, count) => {
  expect(countSegments(text)).toEqual({ encoding, units, count });
});

test("the whole GSM alphabet takes seven bits, its extension twice", () => {
  const basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ÄÖÑÜ§¿äöñüà";
  expect(countSegments(basic)).toMatchObject({ encoding: "GSM-7", units: [...basic].length });
  expect(countSegments("\f^{}\\[~]|€")).toMatchObject({ encoding: "GSM-7", units: 20 });
  for (const other of ["`", "ç", "á", "\t", "“", "ー", "\u200b"]) expect(countSegments(other).encoding).toBe("UCS-2");
});
