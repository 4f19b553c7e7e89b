import { expect, test } from "vitest";
import { elapsed } from "./clock.ts";

test("a clock shows minutes, and hours once there are some", () => {
  const since = "2026-11-21T00:00:00.000Z";
  const at = (ms: number) => elapsed(since, Date.parse(since) + ms);
  expect([at(-5_000), at(7_000), at(750_999), at(11_109_000)]).toEqual(["0:00", "0:07", "12:30", "3:05:09"]);
});
