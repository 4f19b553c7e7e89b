import { expect, test } from "vitest";
import { notificationOf, pushedOf } from "./told.ts";

const one = { title: "山田", body: "まだですか", tag: "c7", url: "/?c=7&m=3", badge: 2, conversation: 7, seq: 3, lang: "ja", open: "開く", read: "既読にする" };

test("a push leads nowhere but into the app", () => {
  expect(pushedOf(one)).toEqual(one);
  for (const url of ["https://evil.example", "//evil.example", "javascript:alert(1)"]) expect(pushedOf({ ...one, url })).toBeUndefined();
  for (const nothing of [null, {}, "x"]) expect(pushedOf(nothing)).toBeUndefined();
});

test("only a message can be marked as read", () => {
  expect(notificationOf(one).actions.map(({ title }) => title)).toEqual(["開く", "既読にする"]);
  const { seq: _, ...assigned } = one;
  expect(notificationOf(assigned).actions.map(({ title }) => title)).toEqual(["開く"]);
});
