import { useQuery } from "@tanstack/react-query";
import { Pause, Play } from "lucide-react";
import { useEffect, useRef, useState, type CSSProperties, type KeyboardEvent } from "react";
import { useLanguage, useRoom } from "../i18n/index.tsx";
import { shapeOf, type Shape } from "./peaks.ts";
import { Waveform } from "./waveform.tsx";

const speeds = [1, 1.5, 2] as const;
const step = 5; // seconds that an arrow key moves
const mostBytes = 2 << 20; // larger sounds are not fetched whole for a picture

interface PlayerProps {
  file: { name: string; url: string; size: number };
  /** What is known of the sound already; else it is read when the player comes into sight. */
  shape?: Shape;
}

/** True once the element has been in sight. */
function useSeen(element: { current: Element | null }): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (seen || !element.current) return;
    const watch = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && setSeen(true));
    watch.observe(element.current);
    return () => watch.disconnect();
  }, [element, seen]);
  return seen;
}

/** A sound: its shape, seeking by mouse and keys, and faster. */
export default function Player({ file, shape: known }: PlayerProps) {
  const { t, format } = useLanguage();
  const words = useRoom("voice");
  const box = useRef<HTMLDivElement>(null);
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [told, setTold] = useState(0); // how long it is, as the browser says
  const [speed, setSpeed] = useState<number>(1);
  const seen = useSeen(box);
  const { data } = useQuery({ queryKey: ["sound", file.url], queryFn: () => shapeOf(file.url), enabled: seen && !known && file.size <= mostBytes, staleTime: Infinity, retry: false });
  const shape = known ?? data;
  const length = told || (shape?.seconds ?? 0); // a recording may not know its own length
  const played = length ? Math.min(1, at / length) : 0;

  const toggle = () => {
    const player = audio.current;
    if (!player) return;
    if (player.paused) void player.play().catch(() => setPlaying(false));
    else player.pause();
  };
  const seek = (to: number) => {
    const next = Math.max(0, Math.min(length, to));
    if (audio.current) audio.current.currentTime = next;
    setAt(next);
  };
  const faster = () => {
    const next = speeds[(speeds.findIndex((one) => one === speed) + 1) % speeds.length] ?? 1;
    setSpeed(next);
    if (audio.current) audio.current.playbackRate = next;
  };
  const key = (event: KeyboardEvent) => {
    const moves: Record<string, () => void> = {
      ArrowRight: () => seek(at + step),
      ArrowUp: () => seek(at + step),
      ArrowLeft: () => seek(at - step),
      ArrowDown: () => seek(at - step),
      Home: () => seek(0),
      End: () => seek(length),
      " ": toggle,
    };
    const move = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };

  return (
    <div ref={box} className="flex min-h-10 w-80 max-w-full items-center gap-2 rounded-full bg-surface py-1 pr-2 pl-1">
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- customers' voice messages come without captions */}
      <audio
        ref={audio}
        src={file.url}
        preload="metadata"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onLoadedMetadata={(event) => setTold(Number.isFinite(event.currentTarget.duration) ? event.currentTarget.duration : 0)}
      />
      {words && (
        <>
          <button type="button" onClick={toggle} aria-label={t(playing ? "audio.pause" : "audio.play", { name: file.name })} className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-fill text-on-accent hover:bg-accent-fill-hover">
            {playing ? <Pause size={15} aria-hidden /> : <Play size={15} aria-hidden />}
          </button>
          <span className="relative h-7 min-w-0 flex-1 rounded-sm has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
            {shape && <Waveform peaks={shape.peaks} played={played} className="size-full" />}
            <input
              type="range"
              min={0}
              max={length || 1}
              step={0.1}
              value={at}
              aria-label={t("audio.position")}
              aria-valuetext={t("audio.position_of", { at: format.clock(at), length: format.clock(length) })}
              onKeyDown={key}
              onChange={(event) => seek(Number(event.target.value))}
              className={`absolute inset-0 size-full cursor-pointer ${shape ? "opacity-0" : "track"}`}
              style={{ "--played": `${played * 100}%` } as CSSProperties}
            />
          </span>
          <span className="w-9 shrink-0 text-right text-xs text-muted tabular-nums">{format.clock(playing || at ? at : length)}</span>
          <button type="button" onClick={faster} aria-label={t("audio.speed", { speed: format.number(speed) })} className="min-h-7 w-11 shrink-0 rounded text-xs font-medium text-muted hover:bg-hover">
            {format.number(speed)}×
          </button>
        </>
      )}
    </div>
  );
}
