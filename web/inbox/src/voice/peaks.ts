/** How many bars a waveform has. */
export const bars = 48;

/** The loudest of each of `count` equal stretches, with the loudest of all at 1; silence stays 0. */
export function peaksOf(samples: ArrayLike<number>, count = bars): number[] {
  const found = Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * samples.length) / count);
    const to = Math.max(from + 1, Math.floor(((i + 1) * samples.length) / count));
    let most = 0;
    for (let at = from; at < to && at < samples.length; at++) most = Math.max(most, Math.abs(samples[at] ?? 0));
    return most;
  });
  const loudest = Math.max(...found);
  return loudest > 0 ? found.map((one) => one / loudest) : found;
}

/** What a player draws of a sound. */
export interface Shape {
  peaks: number[];
  seconds: number;
}

const lowRate = 8_000; // Hz: plenty for a picture, a sixth of the memory

/** Reads a file's shape; rejects if this browser cannot decode it. */
export async function shapeOf(address: string): Promise<Shape> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  const sound = await new OfflineAudioContext(1, 1, lowRate).decodeAudioData(await response.arrayBuffer());
  return { peaks: peaksOf(sound.getChannelData(0)), seconds: sound.duration };
}
