import { expect, test } from "vitest";
import { mostSelected, Selection } from "./selection.ts";

const order = [1, 2, 3, 4, 5, 6];

test("one by one, and let go of again", () => {
  const s = new Selection();
  s.toggle(3);
  s.toggle(1);
  expect(s.now().ids).toEqual([3, 1]);
  s.toggle(3);
  expect(s.now().ids).toEqual([1]);
  expect(s.now().has.has(3)).toBe(false);
});

test("a range goes from the row touched last, either way, and adds", () => {
  const s = new Selection();
  s.toggle(6);
  s.toggle(2);
  s.extend(4, order);
  expect([...s.now().ids].sort()).toEqual([2, 3, 4, 6]);
  s.extend(1, order);
  expect([...s.now().ids].sort()).toEqual([1, 2, 3, 4, 6]);
});

test("a range without a beginning is the row alone", () => {
  const s = new Selection();
  s.extend(4, order);
  expect(s.now().ids).toEqual([4]);
});

test("what is selected does not depend on where rows stand or whether they are there", () => {
  const s = new Selection();
  s.toggle(2);
  s.extend(3, order);
  s.extend(5, [5, 3, 9]); // others came and went
  expect(s.now().ids).toEqual([2, 3, 5]);
});

test("no more than the server takes", () => {
  const s = new Selection();
  const many = Array.from({ length: mostSelected + 5 }, (_, i) => i + 1);
  expect(s.add(many)).toBe(false);
  expect(s.now().ids).toHaveLength(mostSelected);
  expect(s.toggle(mostSelected + 1)).toBe(false);
  expect(s.toggle(1)).toBe(true); // letting go always works
  expect(s.toggle(mostSelected + 1)).toBe(true);
});

test("watchers hear of every change and see one state between them", () => {
  const s = new Selection();
  let heard = 0;
  const end = s.watch(() => heard++);
  s.toggle(1);
  const state = s.now();
  expect(s.now()).toBe(state);
  s.choose(true);
  s.fail([{ id: 1, reason: "x" }]);
  expect(s.on()).toBe(true);
  s.clear();
  expect(s.on()).toBe(false);
  end();
  s.toggle(1);
  expect(heard).toBe(4);
});

test("going on by keys selects on the way, and going back lets go of it", () => {
  const s = new Selection();
  s.toggle(4); // of an earlier choice
  s.step(1, 2);
  s.step(2, 3);
  s.step(3, 4);
  expect(s.now().ids).toEqual([4, 1, 2, 3]);
  s.step(4, 3);
  expect(s.now().ids).toEqual([4, 1, 2, 3]); // 4 was chosen before
  s.step(3, 2);
  s.step(2, 1);
  expect(s.now().ids).toEqual([4, 1]);
  s.step(1, 6); // on, to the other side of where it began
  expect(s.now().ids).toEqual([4, 1, 6]);
  s.step(6, undefined); // the end of the list
  s.step(6, 1);
  expect(s.now().ids).toEqual([4, 1]);
});

test("a way by keys begins anew where the cursor went without it, and after a row was touched", () => {
  const s = new Selection();
  s.step(1, 2);
  s.step(5, 4); // j and k in between
  s.step(4, 3);
  s.step(3, 2);
  expect(s.now().ids).toEqual([1, 2, 5, 4, 3]);
  s.toggle(2);
  s.step(2, 3);
  expect(s.now().ids).toEqual([1, 5, 4, 3, 2]);
});
