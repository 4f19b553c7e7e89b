import { expect, test } from "vitest";
import { composing, editable, keyName, Sequence, shownKey } from "./keys.ts";

const press = (key: string, code: string, held: Partial<Record<"ctrlKey" | "metaKey" | "altKey" | "shiftKey", boolean>> = {}) =>
  keyName({ key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

test("names keys by what they type", () => {
  expect(press("e", "KeyE")).toBe("e");
  expect(press("J", "KeyJ", { shiftKey: true })).toBe("Shift+J");
  expect(press("E", "KeyE")).toBe("e"); // caps lock is not shift
  expect(press("?", "Slash", { shiftKey: true })).toBe("?");
  expect(press("k", "KeyK", { metaKey: true })).toBe("Mod+k");
  expect(press("Enter", "Enter", { ctrlKey: true, shiftKey: true })).toBe("Mod+Shift+Enter");
});

test("falls back to the key's place when layout or input method is not Latin", () => {
  expect(press("い", "KeyE")).toBe("e");
  expect(press("у", "KeyE")).toBe("e"); // Cyrillic
  expect(press("・", "Slash", { shiftKey: true })).toBe("?");
  expect(press("у", "KeyE", { ctrlKey: true })).toBe("Mod+e");
});

test("no key counts while an input method composes", () => {
  expect(composing({ isComposing: true, keyCode: 13 })).toBe(true);
  expect(composing({ isComposing: false, keyCode: 229 })).toBe(true);
  expect(composing({ isComposing: false, keyCode: 13 })).toBe(false);
});

test("follows keys pressed one after the other", () => {
  const keys = new Sequence();
  const begin = new Set(["g"]);
  expect(keys.next("g", begin, 0)).toBe("g");
  expect(keys.next("m", begin, 300)).toBe("g m");
  expect(keys.next("m", begin, 400)).toBe("m");
  keys.next("g", begin, 1_000);
  expect(keys.next("m", begin, 9_000)).toBe("m");
});

test("shows keys as they are printed", () => {
  expect(shownKey("Mod+k", true)).toBe("⌘K");
  expect(shownKey("Mod+Shift+Enter", false)).toBe("Ctrl+Shift+↵");
  expect(shownKey("g m", false)).toBe("G M");
});

test("letters belong to who types, or chooses from a closed list by its first letters", () => {
  const typing = (html: string) => {
    const box = document.createElement("div");
    box.innerHTML = html;
    return editable(box.firstElementChild);
  };
  expect(['<input type="text">', "<textarea></textarea>", "<select></select>", '<button role="combobox">Tokyo</button>'].map(typing)).toEqual([true, true, true, true]);
  expect(['<input type="checkbox">', "<button>Save</button>", '<a href="/">Home</a>'].map(typing)).toEqual([false, false, false]);
});
