// What is impossible because a colleague works on the case is told apart from what makes no sense (J3).
import { expect, test } from "vitest";
import { aRow } from "../test/records.ts";
import { actionById, ofColleague, type Action, type ActionContext } from "./index.ts";

const me = 1;
const all = new Set(["conversation.read", "conversation.reply", "ticket.take"]);
const about = (holder: number, may = all, status = "open") => {
  const row = aRow(1);
  return { row: { ...row, ticket: { ...row.ticket, status, assignee_id: holder } }, selected: [], me, can: (permission: string) => may.has(permission), members: [], teams: [], tags: [], t: (key: string) => key } as unknown as ActionContext;
};
const told = (c: ActionContext) => ["resolve", "reopen", "take", "snooze", "priority", "reply", "undo"].filter((id) => ofColleague(actionById(id) as Action, c));

test("a colleague's case is theirs to decide about; one's own, nobody's and a closed one are not", () => {
  expect(told(about(2))).toEqual(["resolve", "take", "snooze", "priority"]);
  for (const c of [about(me), about(0), about(2, all, "resolved"), about(2, new Set([...all, "ticket.assign_others"]))]) expect(told(c)).toEqual([]);
});

test("who may only read is told nothing about colleagues", () => {
  expect(told(about(2, new Set(["conversation.read"])))).toEqual([]);
});
