import { expect, test } from "vitest";
import { byCode } from "./faults.ts";

test("refusals are counted by reason over the hours, the most frequent first", () => {
  expect(byCode([{ code: "190", count: 2 }, { code: "4", count: 3 }, { code: "190", count: 2 }, { code: "1", count: 3 }])).toEqual([
    { code: "190", count: 4 },
    { code: "1", count: 3 },
    { code: "4", count: 3 },
  ]);
  expect(byCode([])).toEqual([]);
});
