import { Editor, Extension } from "@tiptap/core";
import { Document } from "@tiptap/extension-document";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Text } from "@tiptap/extension-text";
import { expect, test } from "vitest";
import { colleagues, Mention } from "./mention.ts";
import { picking, type Picking, type Source } from "./picking.ts";

const everybody = [{ id: 7, name: "花子" }, { id: 8, name: "花江" }];
const names = colleagues((query) => everybody.filter(({ name }) => name.includes(query)));

test.each([["@", ""], ["確認@花", "花"], ["a @b", "b"], ["@花子 ", null], ["no", null], ["@a@b", "b"]])("%s asks for %s", (text, query) => expect(names.wanted(text)).toBe(query));

function open(...sources: Source[]) {
  let now: Picking = null;
  const picker = Extension.create({
    name: "picker",
    addProseMirrorPlugins() {
      return [picking(this.editor, sources, (next) => (now = next))];
    },
  });
  const editor = new Editor({ injectCSS: false, element: document.createElement("div"), extensions: [Document, Paragraph, Text, Mention, picker] });
  const press = (key: string, more: KeyboardEventInit = {}) => editor.view.someProp("handleKeyDown", (handle) => handle(editor.view, new KeyboardEvent("keydown", { key, ...more })));
  return { editor, press, now: () => now as Picking, labels: () => now?.answers.map(({ label }) => label) ?? [] };
}

test("the keys choose a colleague, whose mention takes the place of what was typed", () => {
  const { editor, press, labels } = open(names);
  editor.commands.insertContent("確認 @花");
  expect(labels()).toEqual(["花子", "花江"]);
  press("ArrowDown");
  press("Enter");
  expect(editor.getJSON().content?.[0]?.content).toEqual([{ type: "text", text: "確認 " }, { type: "mention", attrs: { id: 8, label: "花江" } }, { type: "text", text: " " }]);
  expect(labels()).toEqual([]);
  editor.destroy();
});

test("Escape closes the choice until the next @, and a key that confirms kana chooses nobody", () => {
  const { editor, press, now, labels } = open(names);
  editor.commands.insertContent("@");
  expect(press("Tab", { isComposing: true })).toBeFalsy();
  expect(now()).not.toBeNull();
  press("Escape");
  editor.commands.insertContent("花");
  expect(labels()).toEqual([]);
  editor.commands.insertContent(" @");
  expect(labels()).toHaveLength(2);
  editor.destroy();
});

test("answers that come late are shown only for what is typed by then", async () => {
  const waiting: Record<string, (labels: string[]) => void> = {};
  const slow: Source = {
    of: "emoji",
    wanted: (text) => /:(\w+)$/.exec(text)?.[1] ?? null,
    find: async (query) => (await new Promise<string[]>((resolve) => (waiting[query] = resolve))).map((label) => ({ id: label, label, content: [{ type: "text", text: label }] })),
  };
  const { editor, labels } = open(names, slow);
  editor.commands.insertContent(":a");
  editor.commands.insertContent("b");
  waiting["ab"]?.(["right"]);
  await Promise.resolve().then(() => {});
  waiting["a"]?.(["late"]);
  await Promise.resolve().then(() => {});
  expect(labels()).toEqual(["right"]);
  editor.destroy();
});
