import type { Page } from "@playwright/test";
import { encode } from "./png.ts";

/** A file as Playwright's pickers take it. */
export interface TestFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A picture of one colour, width x height pixels. */
export function picture(name: string, color: [number, number, number] = [15, 118, 110], width = 320, height = 200): TestFile {
  const rgb = Buffer.alloc(width * height * 3);
  for (let at = 0; at < rgb.length; at += 3) rgb.set(color, at);
  return { name, mimeType: "image/png", buffer: encode({ width, height, rgb }) };
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
