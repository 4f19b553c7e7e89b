import { expect, test } from "vitest";
import { withGone } from "./gone.ts";

test("a filter by what is gone is shown, so that it can be taken off (0.10)", () => {
  const kinds = [{ name: "tag", values: [] as { value: string; label: string }[] }, { name: "assignee", values: [{ value: "0", label: "nobody" }, { value: "2", label: "Ken" }] }, { name: "status", values: [] }];
  const on: Record<string, string> = { tag: "5,6", assignee: "0,2,9,me", status: "odd" };
  expect(withGone(kinds, (name) => on[name], "gone")).toEqual([
    { name: "tag", values: [{ value: "5", label: "gone" }, { value: "6", label: "gone" }] },
    { name: "assignee", values: [{ value: "0", label: "nobody" }, { value: "2", label: "Ken" }, { value: "9", label: "gone" }] },
    { name: "status", values: [] },
  ]);
  expect(withGone(kinds, () => undefined, "gone")).toEqual(kinds);
});
