import { expect, test } from "vitest";
import { toDocument, toPart } from "./document.ts";
import { Editor, type Surroundings } from "./editor.ts";

const kinds = new Set(["bold", "italic", "strike", "code", "link", "list_item", "mention"] as const);

function open(text = "") {
  const changes: number[] = [];
  const around: Surroundings = {
    placeholder: () => "…", label: () => "reply", people: () => [], canned: () => [], variables: async () => [], locale: () => "ja", picking: () => {}, changed: () => void changes.push(1), key: () => false, files: () => {},
  };
  const element = document.body.appendChild(document.createElement("div"));
  const editor = new Editor(element, around);
  if (text) editor.insert([{ type: "text", text }]);
  const { view } = editor;
  const type = (letters: string) => {
    for (const letter of letters) {
      const { from, to } = editor.state.selection;
      const typed = () => view.state.tr.insertText(letter, from, to);
      if (!view.someProp("handleTextInput", (handle) => handle(view, from, to, letter, typed))) view.dispatch(typed());
    }
  };
  const press = (key: string, more: KeyboardEventInit = {}) => view.dom.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
  return { editor, changes, type, press, part: () => toPart(editor.json(), kinds) };
}

test.each([
  ["**very** ", "very ", [{ kind: "bold", start: 0, end: 4 }]],
  ["an *odd* ", "an odd", [{ kind: "italic", start: 3, end: 6 }]],
  ["~~no~~", "no", [{ kind: "strike", start: 0, end: 2 }]],
  ["`x=1` y", "x=1 y", [{ kind: "code", start: 0, end: 3 }]],
  ["- one", "one", [{ kind: "list_item", start: 0, end: 3 }]],
])("%s is formatted as it is typed", (typed, text, marks) => {
  const { type, part } = open();
  type(typed);
  expect(part()).toEqual({ kind: "text", text: text.trimEnd(), marks });
});

test("signs between letters stay what they are", () => {
  const { type, part } = open();
  type("2*3*4 a_b_c");
  expect(part()).toEqual({ kind: "text", text: "2*3*4 a_b_c" });
});

test("a list is left by Enter on an empty item and by Backspace at an item's beginning", () => {
  const { editor, type, press, part } = open();
  type("- one");
  press("Enter");
  press("Enter");
  type("after");
  expect(part()).toEqual({ kind: "text", text: "one\nafter", marks: [{ kind: "list_item", start: 0, end: 3 }] });
  editor.swap(toDocument({ kind: "text", text: "one", marks: [{ kind: "list_item", start: 0, end: 3 }] }));
  editor.select({ from: 3, to: 3 });
  expect(editor.has("bulletList")).toBe(true);
  press("Backspace");
  expect(editor.has("bulletList")).toBe(false);
});

test("a link is made of what is selected, changed as a whole, and taken away", () => {
  const { editor, part } = open("see our page today");
  editor.select({ from: 9, to: 13 });
  editor.setHref("https://example.test/a", "");
  expect(part().marks).toEqual([{ kind: "link", start: 8, end: 12, href: "https://example.test/a" }]);
  editor.select({ from: 11, to: 11 });
  expect(editor.href).toBe("https://example.test/a");
  editor.setHref("https://example.test/b", "");
  expect(part().marks).toEqual([{ kind: "link", start: 8, end: 12, href: "https://example.test/b" }]);
  editor.setHref("", "");
  expect(part().marks).toBeUndefined();
  editor.focusEnd();
  editor.setHref("https://example.test", "example.test");
  expect(part()).toEqual({ kind: "text", text: "see our page todayexample.test", marks: [{ kind: "link", start: 18, end: 30, href: "https://example.test" }] });
});

test("formats are switched on and off, undo takes back, and leads into no other conversation", () => {
  const { editor, changes, press, part } = open("one two");
  editor.select({ from: 1, to: 4 });
  editor.toggle("bold");
  expect([editor.has("bold"), part().marks]).toEqual([true, [{ kind: "bold", start: 0, end: 3 }]]);
  editor.toggle("bold");
  expect(part().marks).toBeUndefined();
  editor.toggle("bulletList");
  expect(part().marks).toEqual([{ kind: "list_item", start: 0, end: 7 }]);
  editor.toggle("bulletList");
  expect(part().marks).toBeUndefined();
  editor.toggle("bulletList");
  press("z", { ctrlKey: true });
  expect(part().marks).toBeUndefined();
  expect(changes.length).toBeGreaterThan(4);
  const before = changes.length;
  editor.swap(toDocument({ kind: "text", text: "elsewhere" }));
  press("z", { ctrlKey: true });
  expect([part().text, changes.length]).toEqual(["elsewhere", before]);
});

test("what is put in looks like what stands there; a new line is one", () => {
  const { editor, part } = open("ab");
  editor.select({ from: 1, to: 3 });
  editor.toggle("bold");
  editor.focusEnd();
  editor.insert([{ type: "text", text: "–" }]);
  editor.newLine();
  editor.insert([{ type: "text", text: "c" }]);
  expect(part().text).toBe("ab–\nc");
  expect(part().marks?.[0]).toEqual({ kind: "bold", start: 0, end: 3 });
});
