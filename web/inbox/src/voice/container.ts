import type { Capabilities } from "../api/types.ts";

type MediaLimit = NonNullable<Capabilities["media"]>[number];

/** How a voice message is recorded, and what is made of it. */
export interface Way {
  /** The type that the browser records. */
  record: string;
  /** The type of the finished file. */
  makes: "audio/ogg" | "audio/mp4";
  /** Bits per second: enough for speech. */
  rate: number;
}

const ways: readonly Way[] = [
  { record: "audio/ogg;codecs=opus", makes: "audio/ogg", rate: 24_000 },
  { record: "audio/webm;codecs=opus", makes: "audio/ogg", rate: 24_000 }, // the same sound in another container
  { record: "audio/mp4;codecs=mp4a.40.2", makes: "audio/mp4", rate: 64_000 },
];

/** The best that this browser records for a channel: what its apps play, else what it takes, else whatever can be heard. */
export function wayFor(limit: MediaLimit | undefined, can: (type: string) => boolean): Way | undefined {
  const possible = ways.filter(({ record }) => can(record));
  const wanted = [...(limit?.plays ?? []), ...(limit?.mime ?? [])];
  return wanted.flatMap((type) => possible.find(({ makes }) => makes === type) ?? [])[0] ?? possible[0];
}

const longest = 15 * 60;
const overhead = 1.1;

/** How many seconds fit into what a channel takes. */
export const secondsIn = (maxBytes: number, { rate }: Way): number => (maxBytes > 0 ? Math.min(longest, Math.floor((maxBytes * 8) / rate / overhead)) : longest);
