import { expect, test } from "vitest";
import { audienceBody, audienceValue } from "./audience.ts";

test("an audience is one value of a choice, and back", () => {
  for (const one of [
    { audience: "personal", team_id: 0 },
    { audience: "team", team_id: 7 },
    { audience: "workspace", team_id: 0 },
  ] as const)
    expect(audienceBody(audienceValue(one))).toEqual(one);
  expect(audienceValue(null)).toBe("personal");
});
