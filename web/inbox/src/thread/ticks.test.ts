import { expect, test } from "vitest";
import { proven } from "./ticks.ts";

test("a tick says what the channel can prove, and no more", () => {
  const all = ["sent", "delivered", "read"] as const;
  expect(all.map((status) => proven(status, all))).toEqual(all);
  expect(all.map((status) => proven(status, ["sent"]))).toEqual(["sent", "sent", "sent"]);
  expect(all.map((status) => proven(status, ["sent", "delivered"]))).toEqual(["sent", "delivered", "delivered"]);
  expect(all.map((status) => proven(status, ["sent", "read"]))).toEqual(["sent", "sent", "read"]);
  expect(all.map((status) => proven(status, []))).toEqual(["sent", "sent", "sent"]);
});

test("what is no receipt stays what it is", () => {
  for (const status of ["", "queued", "sending", "unknown", "failed"] as const) expect(proven(status, [])).toBe(status);
});
