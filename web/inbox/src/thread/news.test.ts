import { expect, test } from "vitest";
import { aMessage } from "../test/records.ts";
import { newsOf } from "./news.ts";

const seqs = (...given: Parameters<typeof newsOf>) => newsOf(...given).map(({ seq }) => seq);

test("what is loaded above is not read aloud, what is said now is", () => {
  const shown = [aMessage(51), aMessage(52)];
  expect(seqs([aMessage(1), aMessage(2), ...shown], 52, 1)).toEqual([]);
  expect(seqs([...shown, aMessage(54), aMessage(53)], 52, 1)).toEqual([53, 54]);
});

test("neither what one says oneself nor what happens beside is", () => {
  const mine = aMessage(2, { author: { kind: "human", id: 1, name: "" } });
  const note = aMessage(3, { author: { kind: "note", id: 2, name: "" } });
  const line = aMessage(4, { author: { kind: "system", id: 0, name: "" }, system: { code: "assigned" } });
  const customer = aMessage(5, { author: { kind: "customer", id: 1, name: "" } }); // contacts count their ids apart from members
  expect(seqs([mine, note, line, customer], 1, 1)).toEqual([3, 5]);
});
