import { crc32, deflateSync, inflateSync } from "node:zlib";

/** A picture without transparency: 3 bytes a pixel, row by row. */
export interface Pixels {
  width: number;
  height: number;
  rgb: Buffer;
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Writes a PNG. Rows stay unfiltered: screens are flat colours and repeated letters, which pack best that way. */
export function encode({ width, height, rgb }: Pixels): Buffer {
  const rows = Array.from({ length: height }, (_, y) => [Buffer.from([0]), rgb.subarray(y * width * 3, (y + 1) * width * 3)]).flat();
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(Buffer.concat(rows), { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

/** Reads a PNG as browsers write their screenshots: 8 bits, no palette, not interlaced. */
export function decode(png: Buffer): Pixels {
  const [width, height, depth, kind] = [png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]];
  if (depth !== 8 || kind !== 2) throw new Error(`a PNG of ${depth} bits and kind ${kind}`);
  const packed: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) if (png.toString("latin1", at + 4, at + 8) === "IDAT") packed.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const raw = inflateSync(Buffer.concat(packed));
  const row = width * 3;
  const rgb = Buffer.alloc(row * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (row + 1)];
    for (let x = 0; x < row; x++) {
      const left = x < 3 ? 0 : (rgb[y * row + x - 3] ?? 0);
      const up = rgb[(y - 1) * row + x] ?? 0;
      const corner = x < 3 ? 0 : (rgb[(y - 1) * row + x - 3] ?? 0);
      rgb[y * row + x] = (raw[y * (row + 1) + 1 + x] ?? 0) + ([0, left, up, (left + up) >> 1, nearest(left, up, corner)][filter ?? 0] ?? 0);
    }
  }
  return { width, height, rgb };
}

/** The one of three neighbours that lies nearest to left + up - corner. */
function nearest(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
