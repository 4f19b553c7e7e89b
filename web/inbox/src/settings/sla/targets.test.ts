import { expect, test } from "vitest";
import { firstOf, minutesOf, typed, written, wrong } from "./targets.ts";

const priorities = ["urgent", "high", "normal", "low"] as const;

test("targets go there and back; nothing typed promises nothing", () => {
  const targets = { urgent: { first_response: 10 }, normal: { first_response: 60, resolution: 480 } };
  expect(written(typed(targets), priorities)).toEqual(targets);
  expect(written({ "low.resolution": " ", "low.next_response": "0" }, priorities)).toEqual({});
  expect(typed(null)).toEqual({});
});

test("digits may be wide; anything else is wrong, and more than 30 days", () => {
  expect(minutesOf("６０")).toBe(60);
  expect(["", "0", "43200"].map((one) => wrong(one))).toEqual([false, false, false]);
  expect(["abc", "-1", "1.5", "43201", "1h"].map((one) => wrong(one))).toEqual([true, true, true, true, true]);
});

test("an example is made of the first response that usual tickets are promised, if they are", () => {
  expect(firstOf({ "urgent.first_response": "10", "normal.first_response": "60" }, priorities)).toEqual({ priority: "normal", metric: "first_response", minutes: 60 });
  expect(firstOf({ "urgent.resolution": "10" }, priorities)).toEqual({ priority: "urgent", metric: "resolution", minutes: 10 });
  expect(firstOf({}, priorities)).toBeNull();
});
