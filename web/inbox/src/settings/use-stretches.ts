import { useCallback, useEffect, useRef, useState } from "react";

export interface Stretches<Ask, Sum> {
  /** What was asked, as it was. */
  asked: Ask;
  sum: Sum | null;
  going: boolean;
  error: unknown;
}

/** Long work that the server does a stretch at a time, each answer naming the next; stopping means not asking for it. */
export function useStretches<Ask, Sum extends { next: string }>(ask: (asked: Ask, after: string) => Promise<Sum>, added: (sum: Sum, next: Sum) => Sum) {
  const [state, setState] = useState<Stretches<Ask, Sum> | null>(null);
  const run = useRef(0);
  const stop = useCallback(() => {
    run.current++;
    setState((now) => now && { ...now, going: false });
  }, []);
  useEffect(() => () => void run.current++, []);
  const start = async (asked: Ask) => {
    const mine = ++run.current;
    let sum: Sum | null = null;
    setState({ asked, sum, going: true, error: null });
    try {
      do {
        const next: Sum = await ask(asked, sum?.next ?? "");
        if (run.current !== mine) return;
        sum = sum ? added(sum, next) : next;
        setState({ asked, sum, going: next.next !== "", error: null });
      } while (sum.next);
    } catch (error) {
      if (run.current === mine) setState({ asked, sum, going: false, error });
    }
  };
  return { state, start, stop };
}
