import { useEffect } from "react";
import { useLatest } from "./use-latest.ts";

/** How a browser says that the way back was gone, Android's gesture or button, before it leaves the page. */
interface Watcher {
  onclose: (() => void) | null;
  destroy: () => void;
}

/** As long as it is drawn, the way back on a phone closes what lies over the page, and leads no further. */
export function BackCloses({ close }: { close: () => void }) {
  const latest = useLatest(close);
  useEffect(() => {
    const { CloseWatcher } = window as { CloseWatcher?: new () => Watcher };
    if (!CloseWatcher || !matchMedia("(pointer: coarse)").matches) return;
    const watcher = new CloseWatcher();
    watcher.onclose = () => latest.current();
    return () => watcher.destroy();
  }, [latest]);
  return null;
}
