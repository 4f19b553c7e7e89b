import { afterEach, expect, test, vi } from "vitest";
import { holdKeys } from "./held-keys.ts";

let stop = () => {};
afterEach(() => {
  stop();
  document.body.replaceChildren();
});

/** Presses a key where the focus is; gives whether anything below may act on it. */
function press(key: string, more: KeyboardEventInit = {}): boolean {
  const heard = vi.fn<() => void>();
  window.addEventListener("keydown", heard, { once: true });
  const target = document.activeElement ?? document.body;
  const free = target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
  window.removeEventListener("keydown", heard);
  return free && heard.mock.calls.length > 0;
}

function hold(end = () => {}) {
  const held = holdKeys(end);
  ({ stop } = held);
  return held;
}

test("what is typed before the dialog is there is no shortcut, and is what it begins with", () => {
  const held = hold();
  expect(["e", "x", "Backspace", "n", "Enter", "ArrowDown", "Tab"].map((key) => press(key))).toEqual(Array(7).fill(false));
  expect(held.typed()).toBe("en");
  expect([press("r", { ctrlKey: true }), press("F5"), press("Shift"), press("a", { isComposing: true })]).toEqual([true, true, true, true]);
  expect(held.typed()).toBe("en");
  held.stop();
  expect(press("e")).toBe(true);
});

test("once the dialog is there, what follows is its own", () => {
  const held = hold();
  document.body.innerHTML = `<div role="dialog" data-toast><button>toast</button></div><div role="dialog" data-closed></div>`;
  expect(press("e")).toBe(false);
  document.body.insertAdjacentHTML("beforeend", `<div role="dialog"><input role="combobox"></div>`);
  expect(press("f")).toBe(true);
  expect(document.activeElement?.getAttribute("role")).toBe("combobox");
  expect(press("g")).toBe(true);
  expect(held.typed()).toBe("e");

  // Neither is what it opens elsewhere, such as the choices of a field.
  document.body.appendChild(document.createElement("button")).focus();
  expect(press("h")).toBe(true);
  expect(document.activeElement?.tagName).toBe("BUTTON");
});

test("Esc gives up what has not come yet", () => {
  const end = vi.fn<() => void>();
  hold(end);
  expect(press("Escape")).toBe(false);
  expect(end).toHaveBeenCalledOnce();
});
