import { Pause, Play } from "lucide-react";
import { useRef, useState, type CSSProperties } from "react";
import type { Attachment } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";

const speeds = [1, 1.5, 2] as const;

/** A voice note: play, seek with mouse or arrow keys, faster. */
export function AudioPlayer({ file }: { file: Attachment }) {
  const { t, format } = useLanguage();
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(0);
  const [speed, setSpeed] = useState<number>(1);

  const toggle = () => {
    const player = audio.current;
    if (!player) return;
    if (player.paused) void player.play().catch(() => setPlaying(false));
    else player.pause();
  };
  const faster = () => {
    const next = speeds[(speeds.findIndex((one) => one === speed) + 1) % speeds.length] ?? 1;
    setSpeed(next);
    if (audio.current) audio.current.playbackRate = next;
  };

  return (
    <div className="flex w-72 max-w-full items-center gap-2 rounded-full bg-surface py-1 pr-2 pl-1">
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- customers' voice notes come without captions */}
      <audio
        ref={audio}
        src={file.url}
        preload="metadata"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onLoadedMetadata={(event) => setLength(Number.isFinite(event.currentTarget.duration) ? event.currentTarget.duration : 0)}
      />
      <button type="button" onClick={toggle} aria-label={t(playing ? "audio.pause" : "audio.play", { name: file.name })} className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-fill text-on-accent hover:bg-accent-fill-hover">
        {playing ? <Pause size={15} aria-hidden /> : <Play size={15} aria-hidden />}
      </button>
      <input
        type="range"
        min={0}
        max={length || 1}
        step={0.1}
        value={at}
        aria-label={t("audio.position")}
        aria-valuetext={format.clock(at)}
        onChange={(event) => {
          const next = Number(event.target.value);
          if (audio.current) audio.current.currentTime = next;
          setAt(next);
        }}
        className="track h-6 min-w-0 flex-1"
        style={{ "--played": `${(length ? at / length : 0) * 100}%` } as CSSProperties}
      />
      <span className="w-9 text-right text-xs text-muted tabular-nums">{format.clock(playing || at ? at : length)}</span>
      <button type="button" onClick={faster} aria-label={t("audio.speed", { speed })} className="min-h-6 w-9 rounded text-xs font-medium text-muted hover:bg-hover">
        {format.number(speed)}×
      </button>
    </div>
  );
}
