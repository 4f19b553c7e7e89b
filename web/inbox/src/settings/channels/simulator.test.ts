import { expect, test } from "vitest";
import type { Setting } from "../api.ts";
import { accountOf, phoneOf, typed, type PracticeAccount } from "./simulator.ts";

const settings: Setting[] = [
  { name: "number", type: "text", required: true },
  { name: "verify_token", type: "made" },
  { name: "token", type: "secret", required: true },
];
const account = (id: string, callback: string): PracticeAccount => ({ id, kind: "sms", console: { callback }, credentials: [] });

test("of what a console shows, the form gets what it has a field for", () => {
  const credentials = [
    { name: "number", value: "+81501" },
    { name: "verify_token", value: "made elsewhere" },
    { name: "token", value: "abc" },
    { name: "page_id", value: "1" },
  ];
  expect(typed({ settings }, { credentials })).toEqual({ "settings.number": "+81501", "settings.token": "abc" });
});

test("a channel's account is the one that calls it; one that calls nobody is nobody's", () => {
  const accounts = [account("sms-1", ""), account("sms-2", "http://desk/hooks/sms/a"), account("sms-3", "http://desk/hooks/sms/b")];
  expect(accountOf({ copied: { callback: "http://desk/hooks/sms/b" } }, accounts)?.id).toBe("sms-3");
  expect(accountOf({ copied: { callback: "http://desk/hooks/sms/c" } }, accounts)).toBeUndefined();
  expect(accountOf({ copied: { callback: "" } }, accounts)).toBeUndefined();
  expect(phoneOf(account("sms-2", ""))).toBe("/sim/#sms-2");
});
