let context: AudioContext | undefined;
let last = 0;
const pauseMs = 1_500;

/** Two soft tones, made here: no file to load. Many messages at once ring once. */
export function chime(): void {
  const now = Date.now();
  if (now - last < pauseMs) return;
  last = now;
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume().catch(() => {}); // browsers allow sound only after a first click
  const begin = context.currentTime;
  for (const [i, pitch] of [784, 1046].entries()) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = pitch;
    tone.connect(volume).connect(context.destination);
    const at = begin + i * 0.12;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.08, at + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.4);
    tone.start(at);
    tone.stop(at + 0.42);
  }
}
