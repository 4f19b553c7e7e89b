import { tryRoutingRules } from "../api.ts";
import { useStretches } from "../use-stretches.ts";
import { ruleOf, type Draft, type Trial } from "./rules.ts";

const most = 5; // examples of a rule
const share = { taken: 0, later: 0, examples: [] };

/** Tries the rules on past tickets. */
export const useTrial = () => useStretches((rules: readonly Draft[], after) => tryRoutingRules(rules.map(ruleOf), after), added);

/** Two stretches together. */
export function added(sum: Trial, next: Trial): Trial {
  return {
    next: next.next,
    cut: next.cut,
    today: next.today,
    none: sum.none + next.none,
    tickets: sum.tickets + next.tickets,
    ...((next.reached ?? sum.reached) ? { reached: next.reached ?? sum.reached ?? "" } : {}),
    rules: next.rules.map((one, i) => {
      const before = sum.rules[i] ?? share;
      return { taken: before.taken + one.taken, later: before.later + one.later, examples: [...before.examples, ...one.examples].slice(0, most) };
    }),
  };
}
