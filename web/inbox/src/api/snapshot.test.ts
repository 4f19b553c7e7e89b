import { expect, test } from "vitest";
import { aRow } from "../test/records.ts";
import { claim, forget, keep, recall, type Snapshot } from "./snapshot.ts";
import type { Session } from "./types.ts";

function shelf() {
  const all = new Map<string, string>();
  return { all, getItem: (key: string) => all.get(key) ?? null, setItem: (key: string, value: string) => void all.set(key, value), removeItem: (key: string) => void all.delete(key) };
}

const session = (user: number, workspace = 1) => ({ user: { id: user }, workspace: { id: workspace }, csrf: "secret" }) as Session;
const seen = (user: number): Snapshot => ({ session: session(user), queries: [{ key: "tags", data: [] }], lists: [{ key: "view=mine", ids: [1] }], rows: [aRow(1)] });

test("what a member saw is there again, without the token that lets requests through", () => {
  const storage = shelf();
  claim(session(7), storage);
  keep(seen(7), storage);
  expect(recall(storage)?.rows).toEqual([aRow(1)]);
  expect([...storage.all.values()].join()).not.toContain("secret");
});

test("nobody else ever sees it: not after a sign-out, another member's sign-in or in another workspace", () => {
  for (const leave of [forget, (storage: ReturnType<typeof shelf>) => claim(session(8), storage), (storage: ReturnType<typeof shelf>) => claim(session(7, 2), storage)]) {
    const storage = shelf();
    claim(session(7), storage);
    keep(seen(7), storage);
    leave(storage);
    expect(recall(storage)).toBeUndefined();
    keep(seen(7), storage); // a tab that is still open from before
    expect(recall(storage)).toBeUndefined();
    expect([...storage.all.values()].join()).not.toContain("customer");
  }
});

test("it is bounded in age and size", () => {
  const storage = shelf();
  claim(session(7), storage);
  keep(seen(7), storage, 0);
  expect(recall(storage, 13 * 3_600_000)).toBeUndefined();
  keep({ ...seen(7), rows: Array.from({ length: 5_000 }, (_, i) => aRow(i)) }, storage);
  expect(recall(storage)).toBeUndefined();
});

test("what another build wrote is not understood", () => {
  const storage = shelf();
  claim(session(7), storage);
  keep(seen(7), storage);
  for (const [key, value] of storage.all) if (value.startsWith("{")) storage.all.set(key, JSON.stringify({ ...JSON.parse(value), build: "other" }));
  expect(recall(storage)).toBeUndefined();
});
