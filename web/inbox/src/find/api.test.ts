import { expect, test } from "vitest";
import type { Found } from "../api/types.ts";
import { together, wanted } from "./api.ts";

const page = (...rows: [id: number, ...seqs: number[]][]): Found =>
  ({ contacts: [{ id: 1 }], conversations: rows.map(([id, ...seqs]) => ({ row: { id }, more: false, hits: seqs.map((seq) => ({ seq })) })), next: "" }) as unknown as Found;

test("what comes again on a later page stands once, with all its hits", () => {
  const { contacts, conversations } = together([page([7, 9, 8], [6, 5]), page([7, 2], [3, 1])]);
  expect(contacts).toHaveLength(1);
  expect(conversations.map(({ row, hits }) => [row.id, ...hits.map(({ seq }) => seq)])).toEqual([[7, 9, 8, 2], [6, 5], [3, 1]]);
});

test("the address says what is wanted", () => {
  expect(wanted({ find: "note", q: " 返金 ", in: "3" })).toEqual({ text: "返金", kind: "note", channel: "3", since: "" });
  expect(wanted({ find: "nonsense" }).kind).toBe("all");
});
