// On the board, among the contacts and in the settings keys lead somewhere; what moves in the list is not there.
import { expect, test } from "vitest";
import { actions, possible, type ActionContext } from "./index.ts";

const anybody = { row: undefined, selected: [], me: 1, can: () => true, members: [], teams: [], tags: [], specs: [] } as unknown as ActionContext;
const keysIn = (c: ActionContext) => actions.filter((action) => possible(action, c)).flatMap(({ keys = [] }) => keys);

test("beside the inbox the keys that go somewhere, find, undo and help are left", () => {
  expect(keysIn({ ...anybody, elsewhere: true })).toEqual(["g i", "g u", "g a", "g w", "g m", "g f", "g s", "g r", "g c", "g b", "g ,", "/", "z", "?", "Mod+k"]);
  expect(keysIn(anybody)).toEqual(expect.arrayContaining(["j", "k", "Escape", "[", "]", "d"]));
});
