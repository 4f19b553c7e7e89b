import { useEffect, useState } from "react";
import { whenIdle } from "./idle.ts";

/**
 * The code behind a button: it comes when the browser is idle, or at once when it is wanted. The button that stands there
 * until then is not exchanged while it has the focus, which would go with it; `hold` goes to that button.
 */
export function useLateParts<Parts>(known: Parts | null, load: () => Promise<Parts>, wanted: boolean): { ready: Parts | null; hold: { onFocus: () => void; onBlur: () => void } } {
  const [ready, setReady] = useState(known);
  const [loaded, setLoaded] = useState(known);
  const [focused, setFocused] = useState(false);
  useEffect(() => {
    if (loaded) return;
    const take = () => void load().then((parts) => setLoaded(() => parts));
    if (wanted) return take();
    return whenIdle(take);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- it is loaded once
  }, [loaded, wanted]);
  if (!ready && loaded && (wanted || !focused)) setReady(() => loaded);
  return { ready, hold: { onFocus: () => setFocused(true), onBlur: () => setFocused(false) } };
}
