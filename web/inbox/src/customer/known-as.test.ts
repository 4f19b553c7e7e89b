import { expect, test } from "vitest";
import type { Identity } from "../api/types.ts";
import { hasTwin, knownAs, otherWays } from "./known-as.ts";

const known = (id: number, over: Partial<Identity> = {}): Identity => ({ id, kind: "line", channel_id: 1, name: "Aki", external_id: `U${id}`, blocked: false, reach: "reachable", ...over });

test("where people have numbers an identity is its number, as it is read; a user id without one is told by its end", () => {
  const numbers = { numbers: true, local: false };
  expect(knownAs(known(1, { external_id: "+819012345678" }), [], numbers)).toBe("090-1234-5678");
  expect(knownAs(known(1, { external_id: "JP.100000000000000001", alias: "819012345678" }), [], numbers)).toBe("090-1234-5678");
  const bare = known(1, { external_id: "JP.100000000000000001" });
  expect(knownAs(bare, [bare], numbers)).toBe("");
  expect(knownAs(bare, [bare, known(2)], numbers)).toBe("…000001");
});

test("elsewhere the provider's id stands only beside a namesake on the same channel", () => {
  const spec = { local: false };
  const [one, other] = [known(1, { external_id: "Uffffffffffffffffffffff12ab56" }), known(2, { external_id: "user-7" })];
  expect([one, other].map((identity) => knownAs(identity, [one, other], spec))).toEqual(["…12ab56", "user-7"]);
  expect(knownAs(one, [one, { ...other, name: "Ken" }], spec)).toBe("");
  expect(knownAs(one, [one, { ...other, channel_id: 2 }], spec)).toBe("");
  expect(knownAs(one, [one, other], { local: true })).toBe("");
});

test("a namesake on the same channel is a twin, elsewhere not", () => {
  const one = known(1);
  expect([known(2), known(2, { channel_id: 2 }), known(2, { name: "Ken" }), one].map((other) => hasTwin(one, [one, other]))).toEqual([true, false, false, false]);
});

test("another identity on the same channel is another way to reach a customer; the newest words come first", () => {
  const all = [known(1), known(2, { last_in_at: "2026-11-20T10:00:00Z" }), known(3, { reach: "left" }), known(4), known(5, { channel_id: 2, last_in_at: "2026-11-21T10:00:00Z" })];
  expect(otherWays(all, 1).map(({ id }) => id)).toEqual([5, 2, 4]);
});
