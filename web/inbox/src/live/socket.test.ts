import { expect, test } from "vitest";
import { backoff } from "./socket.ts";

test("waits twice as long each time up to 30 s, half of it by chance", () => {
  expect([0, 1, 2, 10].map((attempt) => backoff(attempt, 0))).toEqual([250, 500, 1_000, 15_000]);
  expect([0, 1, 2, 10].map((attempt) => backoff(attempt, 1))).toEqual([500, 1_000, 2_000, 30_000]);
});
