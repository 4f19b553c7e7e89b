import { expect, test } from "vitest";
import type { Channel, Message, Spec } from "../api/types.ts";
import type { Standing } from "../standing/window.ts";
import { aRow } from "../test/records.ts";
import { closedFor, closedForAgain, stateOf, worthWarning } from "./closed.ts";

const now = new Date("2026-11-21T10:00:00Z");
const channel = (state: Channel["state"]) => ({ id: 1, state }) as Channel;
const windowed = { window: { for: 1, count: 0 } } as Spec;
const free = { window: null } as unknown as Spec;

test("nothing stands in the way of a reply on a channel that works", () => {
  for (const state of ["active", "degraded", "rate_limited", "awaiting_test"] as const) expect(closedFor(aRow(1), channel(state), free, now)).toBeNull();
  expect(closedFor(aRow(1), undefined, undefined, now)).toBeNull();
  expect(closedFor(aRow(1, { standing: { window_until: "2026-11-21T11:00:00Z" } }), channel("active"), windowed, now)).toBeNull();
});

test("a channel that cannot send says in which state it is", () => {
  for (const state of ["auth_expired", "suspended", "disabled", "deleted", "setup_failed", "setup_incomplete"] as const) expect(closedFor(aRow(1), channel(state), free, now)).toEqual({ why: "channel", state });
});

test("a channel that the directory does not hold is deleted, unless nothing is loaded", () => {
  expect(stateOf(1, [channel("active")])?.state).toBe("active");
  expect(stateOf(2, [channel("active")])?.state).toBe("deleted");
  expect(stateOf(1, [])).toBeUndefined();
});

test("who opted out gets nothing, be the window as it may", () => {
  const at = "2026-11-20T10:00:00Z";
  expect(closedFor(aRow(1, { standing: { opted_out_at: at, window_until: "2026-11-21T11:00:00Z" } }), channel("active"), windowed, now)).toEqual({ why: "opted_out", at });
});

test("a closed window says whether a template waits, or the count is used up", () => {
  expect(closedFor(aRow(1), channel("active"), windowed, now)).toEqual({ why: "window", waiting: false, spent: false });
  expect(closedFor(aRow(1, { standing: { template_at: "2026-11-21T09:00:00Z" } }), channel("active"), windowed, now)).toEqual({ why: "window", waiting: true, spent: false });
  expect(closedFor(aRow(1, { standing: { window_until: "2026-11-21T11:00:00Z", counted: true } }), channel("active"), windowed, now)).toEqual({ why: "window", waiting: false, spent: true });
});

test("the block comes before all", () => {
  expect(closedFor(aRow(1, { contact: { id: 1, name: "", blocked: true } }), channel("disabled"), windowed, now)).toEqual({ why: "blocked" });
});

test("a message is sent again where it can go: a template without a window, an automation's not in the members' own", () => {
  const again = (message: Parameters<typeof closedForAgain>[0], standing: Standing, state: Channel["state"] = "active") => closedForAgain(message, aRow(1, { standing }), channel(state), windowed, now)?.why;
  const [ours, machine] = [{ author: { kind: "human" } }, { author: { kind: "automation" } }] as Message[] as [Message, Message];
  const template = { ...ours, template: "order_update" };
  const [open, human, over] = [{ window_until: "2026-11-21T11:00:00Z" }, { human_until: "2026-11-21T11:00:00Z" }, {}] as [Standing, Standing, Standing];
  expect([open, human, over].map((standing) => again(ours, standing))).toEqual([undefined, undefined, "window"]);
  expect([open, human, over].map((standing) => again(machine, standing))).toEqual([undefined, "window", "window"]);
  expect([open, human, over].map((standing) => again(template, standing))).toEqual([undefined, undefined, undefined]);
  expect(again(template, open, "auth_expired")).toBe("channel");
});

test("a slow channel, an opt-out in other words and somebody out of reach are worth a warning", () => {
  expect(worthWarning(aRow(1), channel("active"))).toBe(false);
  expect(worthWarning(aRow(1), undefined)).toBe(false);
  for (const state of ["degraded", "rate_limited"] as const) expect(worthWarning(aRow(1), channel(state))).toBe(true);
  for (const one of ["suspected_at", "unreachable"] as const) expect(worthWarning(aRow(1, { standing: { [one]: "2026-11-20T10:00:00Z" } }), channel("active"))).toBe(true);
});
