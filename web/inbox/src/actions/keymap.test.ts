import { expect, test } from "vitest";
import { actionById, actions, type Action } from "./index.ts";
import { assign, clashes, keymap, keysOf, readKeys, reserved, reset } from "./keymap.ts";

const action = (id: string) => actionById(id) as Action;

test("as it comes, no two actions have one key, and none is the browser's", () => {
  expect(actions.flatMap((one) => keysOf(one, {}).filter((key) => clashes(one, key, {}).length > 0))).toEqual([]);
  const ours = new Set(["Mod+k"]);
  expect(actions.flatMap(({ keys = [] }) => keys).filter((key) => reserved(key) && !ours.has(key))).toEqual([]);
});

test("a key that is taken is found, also as the beginning of another", () => {
  expect(clashes(action("take"), "e", {}).map(({ id }) => id)).toEqual(["resolve"]);
  expect(clashes(action("take"), "g", {}).map(({ id }) => id)).toContain("go_mine");
  expect(clashes(action("take"), "e x", {}).map(({ id }) => id)).toEqual(["resolve"]);
  expect(clashes(action("take"), "y", {})).toEqual([]);
});

test("giving a key takes it from who had it; what is as it came is not kept", () => {
  const own = assign(action("take"), ["e"], {});
  expect(own).toEqual({ take: ["e"], resolve: [] });
  expect(keymap(own).byKey.get("e")?.map(({ id }) => id)).toEqual(["take"]);
  expect(reset(action("resolve"), own)).toEqual({ take: [] });
  expect(reset(action("take"), reset(action("resolve"), own))).toEqual({});
});

test("what is stored is judged before it is believed", () => {
  expect(readKeys({ take: ["y"], nosuch: ["e"], resolve: "e", snooze: [1], open: [""] })).toEqual({ take: ["y"] });
  expect(readKeys(null)).toEqual({});
});

test("every action has words to find it by in the palette, in both languages", async () => {
  const texts = { ja: (await import("../locale/words.ja.json")).default as Record<string, string>, en: (await import("../locale/words.en.json")).default as Record<string, string> };
  expect(actions.filter(({ id }) => !texts.ja[`words.${id}`] || !texts.en[`words.${id}`]).map(({ id }) => id)).toEqual([]);
});
