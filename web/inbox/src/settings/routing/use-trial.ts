import { useCallback, useEffect, useRef, useState } from "react";
import { tryRoutingRules } from "../api.ts";
import { ruleOf, type Draft, type Trial } from "./rules.ts";

export interface TrialState {
  /** The rules that were tried, as they were. */
  rules: readonly Draft[];
  sum: Trial | null;
  going: boolean;
  error: unknown;
}

const most = 5; // examples of a rule
const share = { taken: 0, later: 0, examples: [] };

/** Tries the rules on past tickets, a stretch after the other; stopping means not asking for the next. */
export function useTrial() {
  const [state, setState] = useState<TrialState | null>(null);
  const run = useRef(0);
  const stop = useCallback(() => {
    run.current++;
    setState((now) => now && { ...now, going: false });
  }, []);
  useEffect(() => () => void run.current++, []);
  const start = async (rules: readonly Draft[]) => {
    const mine = ++run.current;
    let sum: Trial | null = null;
    setState({ rules, sum, going: true, error: null });
    try {
      do {
        const next: Trial = await tryRoutingRules(rules.map(ruleOf), sum?.next ?? "");
        if (run.current !== mine) return;
        sum = sum ? added(sum, next) : next;
        setState({ rules, sum, going: next.next !== "", error: null });
      } while (sum.next);
    } catch (error) {
      if (run.current === mine) setState({ rules, sum, going: false, error });
    }
  };
  return { state, start, stop };
}

/** Two stretches together. */
export function added(sum: Trial, next: Trial): Trial {
  return {
    next: next.next,
    cut: next.cut,
    none: sum.none + next.none,
    tickets: sum.tickets + next.tickets,
    ...((next.reached ?? sum.reached) ? { reached: next.reached ?? sum.reached ?? "" } : {}),
    rules: next.rules.map((one, i) => {
      const before = sum.rules[i] ?? share;
      return { taken: before.taken + one.taken, later: before.later + one.later, examples: [...before.examples, ...one.examples].slice(0, most) };
    }),
  };
}
