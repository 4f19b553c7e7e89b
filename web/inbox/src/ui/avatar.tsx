import type { Availability } from "../api/types.ts";

const hues = ["#3b6bb5", "#2f7d6b", "#8a5a9c", "#a35a3a", "#5a6f3a", "#9a4b6b", "#4a6a82", "#7a6230"];
const dots: Record<Availability, string> = { online: "bg-good-fill", transfer_only: "bg-good-fill", away: "bg-away-fill", offline: "bg-strong-line" };

/** Spreads ids, of which many end alike, over small numbers. */
const spread = (id: number) => Math.imul((id % 2 ** 31) ^ Math.floor(id / 2 ** 31), 0x9e3779b1) >>> 20;

const graphemes = new Intl.Segmenter();

/** First letter as people see it: emoji and combined characters stay whole. */
function initial(name: string): string {
  for (const { segment } of graphemes.segment(name.trim())) return segment.toLocaleUpperCase();
  return "?";
}

interface AvatarProps {
  name: string;
  /** Decides the colour, so that it stays when the name changes. */
  id: number;
  url?: string | null | undefined;
  size?: number;
  availability?: Availability | undefined;
  title?: string;
}

/** A face or an initial. Decorative: the name stands beside it. */
export function Avatar({ name, id, url, size = 32, availability, title }: AvatarProps) {
  const hue = hues[spread(id) % hues.length];
  return (
    <span aria-hidden title={title} className="relative inline-block shrink-0 select-none" style={{ width: size, height: size }}>
      {url ? (
        <img src={url} alt="" width={size} height={size} loading="lazy" className="size-full rounded-full object-cover" />
      ) : (
        <span className="grid size-full place-items-center rounded-full font-medium text-white" style={{ background: hue, fontSize: size * 0.44 }}>
          {initial(name)}
        </span>
      )}
      {availability && <span style={{ width: Math.max(6, size / 3.2), height: Math.max(6, size / 3.2) }} className={`absolute -right-px -bottom-px rounded-full ring-[1.5px] ring-surface ${dots[availability]}`} />}
    </span>
  );
}

/** The coloured dot of an availability. */
export const AvailabilityDot = ({ availability }: { availability: Availability }) => <span aria-hidden className={`inline-block size-2.5 shrink-0 rounded-full ${dots[availability]}`} />;
