const thickness = 0.55;
const least = 0.08; // so that silence is a line and not a gap

/** Bars as high as the sound was loud; those played are in the accent's colour. For the eye alone. */
export function Waveform({ peaks, played = 0, className = "" }: { peaks: readonly number[]; played?: number; className?: string }) {
  return (
    <svg aria-hidden viewBox={`0 0 ${peaks.length} 1`} preserveAspectRatio="none" className={className}>
      {peaks.map((peak, i) => {
        const height = Math.max(least, peak);
        // oxlint-disable-next-line react/no-array-index-key -- a bar is its place
        return <rect key={i} x={i + (1 - thickness) / 2} y={(1 - height) / 2} width={thickness} height={height} className={i < played * peaks.length ? "fill-accent" : "fill-strong-line"} />;
      })}
    </svg>
  );
}
