import type { Way } from "./container.ts";

/** Why nothing can be recorded. */
export type Refused = "denied" | "missing" | "busy" | "insecure" | "unable";

const reasons: Readonly<Record<string, Refused>> = { NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "missing", OverconstrainedError: "missing", NotReadableError: "busy", AbortError: "busy" };

/** What an error of the microphone means to who wants to speak. */
export const refusedBy = (error: unknown): Refused => reasons[error instanceof Error ? error.name : ""] ?? "unable";

/** Asks for the microphone. */
export function listen(): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
}

/** What was recorded. */
export interface Take {
  sound: Blob;
  seconds: number;
  /** The loudest of every tenth of a second, 0 to 1. */
  peaks: number[];
}

const tick = 100; // ms between two looks at the level

/** Records from a microphone until it is finished or dropped; then the microphone is let go. */
export class Recorder {
  /** As in {@link Take}, so far. */
  readonly peaks: number[] = [];
  private readonly pieces: Blob[] = [];
  private readonly machine: MediaRecorder;
  private readonly stream: MediaStream;
  private readonly context = new AudioContext();
  private readonly clock: ReturnType<typeof setInterval>;
  private recorded = 0; // ms before the last pause
  private since: number;

  /** `told` is called at every look at the level. */
  constructor(stream: MediaStream, way: Way, told: () => void) {
    this.stream = stream;
    this.machine = new MediaRecorder(stream, { mimeType: way.record, audioBitsPerSecond: way.rate });
    this.machine.addEventListener("dataavailable", ({ data }) => this.pieces.push(data));
    const meter = this.context.createAnalyser();
    meter.fftSize = 2048;
    this.context.createMediaStreamSource(stream).connect(meter);
    const wave = new Float32Array(meter.fftSize);
    this.machine.start();
    this.since = performance.now();
    this.clock = setInterval(() => {
      if (this.machine.state !== "recording") return;
      meter.getFloatTimeDomainData(wave);
      this.peaks.push(Math.min(1, wave.reduce((most, one) => Math.max(most, Math.abs(one)), 0)));
      told();
    }, tick);
  }

  get paused(): boolean {
    return this.machine.state === "paused";
  }

  get seconds(): number {
    return (this.recorded + (this.machine.state === "recording" ? performance.now() - this.since : 0)) / 1000;
  }

  pause(): void {
    this.recorded += performance.now() - this.since;
    this.machine.pause();
  }

  resume(): void {
    this.since = performance.now();
    this.machine.resume();
  }

  async finish(): Promise<Take> {
    const { seconds, peaks } = this;
    const stopped = new Promise((resolve) => this.machine.addEventListener("stop", resolve, { once: true }));
    this.drop();
    await stopped;
    return { sound: new Blob(this.pieces, { type: this.machine.mimeType }), seconds, peaks };
  }

  /** Ends it; what was recorded is forgotten. */
  drop(): void {
    clearInterval(this.clock);
    if (this.machine.state !== "inactive") this.machine.stop();
    for (const track of this.stream.getTracks()) track.stop();
    void this.context.close().catch(() => {}); // closed twice
  }
}

/** The finished file of a take: in the container that its way makes. */
export async function fileOf({ sound }: Take, way: Way, at: Date): Promise<File> {
  const made = sound.type.startsWith(way.makes) ? sound : await (await import("./remux.ts")).toOgg(sound);
  const two = (n: number) => String(n).padStart(2, "0");
  const name = `voice-${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}-${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
  return new File([made], `${name}${way.makes === "audio/ogg" ? ".ogg" : ".m4a"}`, { type: way.makes });
}
