import { expect, test } from "vitest";
import { aMessage, aRow } from "../test/records.ts";
import { mayTake, wanted } from "./wanted.ts";

const patch = (message: ReturnType<typeof aMessage>) => ({ type: "patch" as const, seq: 1, kind: "message.created", message });

test("a customer's message rings for its assignee and while nobody has it", () => {
  expect(wanted(patch(aMessage(1)), aRow(1), 1)).toBe(true);
  expect(wanted(patch(aMessage(1)), aRow(1, { ticket: { assignee_id: 0 } }), 1)).toBe(true);
  expect(wanted(patch(aMessage(1)), aRow(1, { ticket: { assignee_id: 2 } }), 1)).toBe(false);
  expect(wanted(patch(aMessage(1, { version: 2 })), aRow(1), 1)).toBe(false);
});

test("an assignment rings unless it was one's own doing", () => {
  const line = (by: string) => aMessage(2, { author: { kind: "system", id: 0, name: "" }, system: { code: "assigned", params: { assignee_id: "1", name: "花子", by } } });
  expect(wanted(patch(line("太郎")), aRow(1), 1)).toBe(true);
  expect(wanted(patch(line("花子")), aRow(1), 1)).toBe(false);
});

test("who may take a case that nobody has: online, in its team, which hands out nothing (G7.6)", () => {
  const team = { id: 7, name: "seven", member_ids: [1], mode: "manual" as const, accept: "automatic" as const, ageing: false };
  const waits = aRow(1, { ticket: { assignee_id: 0, team_id: 7 } });
  const me = { user_id: 1, availability: "online" as const };
  expect(mayTake(waits, me, [team])).toBe(true);
  expect(mayTake(waits, { ...me, availability: "away" }, [team])).toBe(false);
  expect(mayTake(waits, { ...me, user_id: 2 }, [team])).toBe(false);
  expect(mayTake(waits, me, [{ ...team, mode: "round_robin" }])).toBe(false);
  expect(mayTake(aRow(1, { ticket: { assignee_id: 0, team_id: 0 } }), me)).toBe(true);
  expect(wanted(patch(aMessage(1)), waits, 1, false)).toBe(false);
});
