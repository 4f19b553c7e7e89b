import { expect, test } from "vitest";
import { mayChange, rolesToGive } from "./rules.ts";

test("only owners make owners and change owners", () => {
  expect(rolesToGive("owner")).toContain("owner");
  expect(rolesToGive("admin")).not.toContain("owner");
  expect(mayChange({ role: "admin" }, { role: "owner" })).toBe(false);
  expect(mayChange({ role: "owner" }, { role: "owner" })).toBe(true);
  expect(mayChange({ role: "admin" }, { role: "admin" })).toBe(true);
});
