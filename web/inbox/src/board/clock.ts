import { useEffect, useState } from "react";

/** The present, to the second: one timer for all clocks on the page, still while nobody looks. */
export function useSecond(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const tick = () => void (document.visibilityState === "visible" && setNow(Date.now()));
    const timer = setInterval(tick, 1_000);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, []);
  return now;
}

const two = (n: number) => String(n).padStart(2, "0");

/** How long ago an instant is, as a clock shows it: 0:07, 12:30, 3:05:09. */
export function elapsed(since: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1_000));
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
