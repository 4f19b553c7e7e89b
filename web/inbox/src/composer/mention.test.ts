import { Editor } from "@tiptap/core";
import { Document } from "@tiptap/extension-document";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Text } from "@tiptap/extension-text";
import { expect, test } from "vitest";
import { mention } from "./mention.ts";
import { wanted, type Mentioning } from "./mentioning.ts";

test.each([["@", ""], ["確認@花", "花"], ["a @b", "b"], ["@花子 ", null], ["no", null], ["@a@b", "b"]])("%s asks for %s", (text, query) => expect(wanted(text)).toBe(query));

function open() {
  let now: Mentioning = null;
  const everybody = [{ id: 7, name: "花子" }, { id: 8, name: "花江" }];
  const editor = new Editor({ injectCSS: false, element: document.createElement("div"), extensions: [Document, Paragraph, Text, mention({ people: (query) => everybody.filter(({ name }) => name.includes(query)), mentioning: (next) => (now = next) })] });
  const press = (key: string, more: KeyboardEventInit = {}) => editor.view.someProp("handleKeyDown", (handle) => handle(editor.view, new KeyboardEvent("keydown", { key, ...more })));
  return { editor, press, now: () => now as Mentioning, names: () => now?.people.map(({ name }) => name) ?? [] };
}

test("the keys choose a colleague, whose mention takes the place of what was typed", () => {
  const { editor, press, names } = open();
  editor.commands.insertContent("確認 @花");
  expect(names()).toEqual(["花子", "花江"]);
  press("ArrowDown");
  press("Enter");
  expect(editor.getJSON().content?.[0]?.content).toEqual([{ type: "text", text: "確認 " }, { type: "mention", attrs: { id: 8, label: "花江" } }, { type: "text", text: " " }]);
  expect(names()).toEqual([]);
  editor.destroy();
});

test("Escape closes the choice until the next @, and a key that confirms kana chooses nobody", () => {
  const { editor, press, now, names } = open();
  editor.commands.insertContent("@");
  expect(press("Tab", { isComposing: true })).toBeFalsy();
  expect(now()).not.toBeNull();
  press("Escape");
  editor.commands.insertContent("花");
  expect(names()).toEqual([]);
  editor.commands.insertContent(" @");
  expect(names()).toHaveLength(2);
  editor.destroy();
});
