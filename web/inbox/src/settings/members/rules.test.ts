import { expect, test } from "vitest";
import { choiceOf, chosen, rolesOf } from "../roles/choice.ts";
import { mayChange, rolesToGive } from "./rules.ts";

const all = rolesOf({
  roles: [
    { role: "agent", held: ["read", "reply"], open: ["merge"], grants: [] },
    { role: "admin", held: ["read", "reply", "merge", "members"], open: [], grants: [] },
    { role: "owner", held: ["read", "reply", "merge", "members", "delete"], open: [], grants: [] },
  ],
  custom: [{ id: 7, label: { ja: "人事" }, base: "admin", permissions: ["read", "members"], version: 1 }],
});
const of = (choice: string) => all.find((one) => one.choice === choice)?.permissions ?? [];
const given = (mine: string) => rolesToGive(of(mine), all).map(({ choice }) => choice);

test("only owners make owners and change owners", () => {
  expect(given("owner")).toEqual(["agent", "admin", "owner", "7"]);
  expect(given("admin")).toEqual(["agent", "admin", "7"]);
  expect(mayChange(of("admin"), { role: "owner", grants: [] }, all)).toBe(false);
  expect(mayChange(of("owner"), { role: "owner", grants: [] }, all)).toBe(true);
  expect(mayChange(of("admin"), { role: "admin", grants: [] }, all)).toBe(true);
});

test("nobody gives what they do not have, or changes who may more", () => {
  expect(given("7")).toEqual(["7"]);
  expect(mayChange(of("7"), { role: "agent", grants: [] }, all)).toBe(false);
  expect(mayChange(of("7"), { role: "admin", custom_role_id: 7, grants: [] }, all)).toBe(true);
  expect(mayChange(["read", "reply", "members"], { role: "agent", grants: ["merge"] }, all)).toBe(false);
  expect(mayChange(of("owner"), { role: "admin", custom_role_id: 8, grants: [] }, all)).toBe(false); // not known yet
});

test("a role is chosen by name or by id", () => {
  expect([choiceOf({ role: "agent" }), choiceOf({ role: "admin", custom_role_id: 7 })]).toEqual(["agent", "7"]);
  expect([chosen("agent"), chosen("7")]).toEqual([{ role: "agent" }, { custom_role_id: 7 }]);
});
