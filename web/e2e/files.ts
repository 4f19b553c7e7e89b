import { crc32, deflateSync } from "node:zlib";
import type { Page } from "@playwright/test";

/** A file as Playwright's pickers take it. */
export interface TestFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A picture of one colour, width x height pixels. */
export function picture(name: string, [red, green, blue]: [number, number, number] = [15, 118, 110], width = 320, height = 200): TestFile {
  const line = Buffer.concat([Buffer.from([0]), Buffer.from(Array.from({ length: width }, () => [red, green, blue]).flat())]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => line)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return { name, mimeType: "image/png", buffer: Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]) };
}

/** What a drop or a paste of files hands to the page. */
export const carried = (page: Page, files: TestFile[]) =>
  page.evaluateHandle(
    (list) => {
      const transfer = new DataTransfer();
      for (const { name, type, text } of list) transfer.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name, { type }));
      return transfer;
    },
    files.map(({ name, mimeType, buffer }) => ({ name, type: mimeType, text: buffer.toString("base64") })),
  );

/** A drop of one file of the given size whose bytes say nothing. */
export const carriedLump = (page: Page, name: string, bytes: number) =>
  page.evaluateHandle(
    ([name, bytes]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], name, { type: "application/octet-stream" }));
      return transfer;
    },
    [name, bytes] as const,
  );
