import { expect, test } from "vitest";
import { allComplete, begin, type Condition } from "./facts.ts";

const asked = (...conditions: Condition[]) => ({ groups: [{ conditions }] });

test("conditions are complete once each has its values; none at all lack nothing", () => {
  const said: Condition = { ...begin("message", "", []), values: ["返品"] };
  expect([{}, asked(said), asked(said, said)].map(allComplete)).toEqual([true, true, true]);
  expect([asked(begin("message", "", [])), asked(said, { ...said, values: [""] }), { groups: [...asked(said).groups, { conditions: [begin("message", "", [])] }] }].map(allComplete)).toEqual([false, false, false]);
});
