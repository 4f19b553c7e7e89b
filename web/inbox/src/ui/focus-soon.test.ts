import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { focusSoon } from "./focus-soon.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["requestAnimationFrame"] }));
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

function put(id: string): HTMLElement {
  const element = document.body.appendChild(document.createElement("div"));
  element.id = id;
  element.tabIndex = -1;
  return element;
}
const frame = () => void vi.advanceTimersToNextFrame();

test("what comes some frames later is focused when it is there", () => {
  put("pressed").focus();
  focusSoon("list");
  frame();
  const list = put("list");
  frame();
  expect(document.activeElement).toBe(list);
});

test("where another takes the focused element's place, it has the focus, too", () => {
  const rows = put("list");
  focusSoon("list");
  frame();
  expect(document.activeElement).toBe(rows);
  rows.remove();
  const empty = put("list");
  frame();
  expect(document.activeElement).toBe(empty);
});

test("who goes elsewhere stays there, before and after", () => {
  put("pressed").focus();
  const elsewhere = put("elsewhere");
  focusSoon("list");
  elsewhere.focus();
  frame();
  const list = put("list");
  frame();
  expect(document.activeElement).toBe(elsewhere);
  focusSoon("list");
  frame();
  expect(document.activeElement).toBe(list);
  elsewhere.focus();
  list.remove();
  put("list");
  frame();
  expect(document.activeElement).toBe(elsewhere);
});
