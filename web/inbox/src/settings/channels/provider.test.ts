import { expect, test } from "vitest";
import type { Setting } from "../api.ts";
import { readProvider, writeProvider } from "./provider.ts";

const settings: Setting[] = [
  { name: "number", type: "text", required: true },
  { name: "mms", type: "bool" },
  { name: "token", type: "secret", required: true },
];
const channel = { name: "SMS", team_id: 0, schedule_id: 0, settings: { number: "+8190", old: "kept" } };

test("a secret is never in the form, and only goes when it was typed", () => {
  const values = readProvider(channel, settings);
  expect(values).toMatchObject({ name: "SMS", "settings.number": "+8190", "settings.mms": false, "settings.token": "" });
  expect(writeProvider(settings, { ...values, name: " Text " }, { name: " Text " }, channel)).toEqual({ name: "Text" });
  expect(writeProvider(settings, { ...values, "settings.token": " abc " }, { "settings.token": " abc " }, channel)).toEqual({ secrets: { token: "abc" } });
});

test("settings go as a whole, without secrets, and keep what the form does not know", () => {
  const values = { ...readProvider(channel, settings), "settings.mms": true };
  expect(writeProvider(settings, values, { "settings.mms": true }, channel)).toEqual({ settings: { number: "+8190", mms: true, old: "kept" } });
});
