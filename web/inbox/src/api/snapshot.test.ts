import { expect, test } from "vitest";
import { aRow } from "../test/records.ts";
import { storage } from "../test/storage.ts";
import { claim, draftPlace, forget, keep, recall, type Snapshot } from "./snapshot.ts";
import type { Session } from "./types.ts";

const session = (user: number, workspace = 1) => ({ user: { id: user }, workspace: { id: workspace }, csrf: "secret" }) as Session;
const seen = (user: number): Snapshot => ({ session: session(user), queries: [{ key: "tags", data: [] }], lists: [{ key: "view=mine", ids: [1] }], rows: [aRow(1)] });

test("what a member saw is there again, without the token that lets requests through", () => {
  const place = storage();
  claim(session(7), place);
  keep(seen(7), place);
  expect(recall(place)?.rows).toEqual([aRow(1)]);
  expect(Object.values(place).join()).not.toContain("secret");
});

test("nobody else ever sees it: not after a sign-out, another member's sign-in or in another workspace", () => {
  for (const leave of [forget, (place: Storage) => claim(session(8), place), (place: Storage) => claim(session(7, 2), place)]) {
    const place = storage();
    claim(session(7), place);
    keep(seen(7), place);
    leave(place);
    expect(recall(place)).toBeUndefined();
    keep(seen(7), place); // a tab that is still open from before
    expect(recall(place)).toBeUndefined();
    expect(Object.values(place).join()).not.toContain("customer");
  }
});

test("it is bounded in age and size", () => {
  const place = storage();
  claim(session(7), place);
  keep(seen(7), place, 0);
  expect(recall(place, 13 * 3_600_000)).toBeUndefined();
  keep({ ...seen(7), rows: Array.from({ length: 5_000 }, (_, i) => aRow(i)) }, place);
  expect(recall(place)).toBeUndefined();
});

test("what another build wrote is not understood", () => {
  const place = storage();
  claim(session(7), place);
  keep(seen(7), place);
  for (const [key, value] of Object.entries(place)) if (value.startsWith("{")) place.setItem(key, JSON.stringify({ ...JSON.parse(value), build: "other" }));
  expect(recall(place)).toBeUndefined();
});

test("a sign-out leaves only those drafts that the server lacks", () => {
  const place = storage();
  place.setItem(`${draftPlace}1.7.5.reply`, JSON.stringify({ parts: [], answers: 0, saved: true }));
  place.setItem(`${draftPlace}1.7.6.reply`, JSON.stringify({ parts: [], answers: 0, saved: false }));
  forget(place);
  expect(Object.keys(place)).toEqual([`${draftPlace}1.7.6.reply`]);
});
