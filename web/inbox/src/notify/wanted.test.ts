import { expect, test } from "vitest";
import { aMessage, aRow } from "../test/records.ts";
import { wanted } from "./wanted.ts";

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
