import { EditorState, TextSelection } from "@tiptap/pm/state";
import { EditorView } from "@tiptap/pm/view";
import { expect, test, vi } from "vitest";
import { colleagues } from "./mention.ts";
import { picking, type Answer, type Picking, type Source } from "./picking.ts";
import { schema } from "./schema.ts";

const everybody = [{ id: 7, name: "花子" }, { id: 8, name: "花江" }];
const names = colleagues((query) => everybody.filter(({ name }) => name.includes(query)));

test.each([["@", ""], ["確認@花", "花"], ["a @b", "b"], ["@花子 ", null], ["no", null], ["@a@b", "b"]])("%s asks for %s", (text, query) => expect(names.wanted(text)).toBe(query));

function open(...sources: Source[]) {
  let now: Picking = null;
  const insert = (content: Answer["content"], { from, to }: { from: number; to: number }) => {
    const { tr } = view.state;
    view.dispatch(tr.replaceWith(from, to, content.map((one) => schema.nodeFromJSON(one))).setSelection(TextSelection.atEnd(tr.doc)));
  };
  const plugin = picking({ focus: () => {}, insert }, sources, (next) => (now = next));
  const view = new EditorView(document.createElement("div"), { state: EditorState.create({ schema, plugins: [plugin] }) });
  const type = (text: string) => view.dispatch(view.state.tr.insertText(text));
  const press = (key: string, more: KeyboardEventInit = {}) => view.someProp("handleKeyDown", (handle) => handle(view, new KeyboardEvent("keydown", { key, ...more })));
  return { view, type, press, now: () => now as Picking, labels: () => now?.answers.map(({ label }) => label) ?? [] };
}

test("the keys choose a colleague, whose mention takes the place of what was typed", () => {
  const { view, type, press, labels } = open(names);
  type("確認 @花");
  expect(labels()).toEqual(["花子", "花江"]);
  press("ArrowDown");
  press("Enter");
  expect(view.state.doc.firstChild?.toJSON().content).toEqual([{ type: "text", text: "確認 " }, { type: "mention", attrs: { id: 8, label: "花江" } }, { type: "text", text: " " }]);
  expect(labels()).toEqual([]);
  view.destroy();
});

test("Escape closes the choice until the next @, and a key that confirms kana chooses nobody", () => {
  const { view, type, press, now, labels } = open(names);
  type("@");
  expect(press("Tab", { isComposing: true })).toBeFalsy();
  expect(now()).not.toBeNull();
  press("Escape");
  type("花");
  expect(labels()).toEqual([]);
  type(" @");
  expect(labels()).toHaveLength(2);
  view.destroy();
});

test("answers that come late are shown only for what is typed by then", async () => {
  const waiting: Record<string, (labels: string[]) => void> = {};
  const slow: Source = {
    of: "emoji",
    wanted: (text) => /:(\w+)$/.exec(text)?.[1] ?? null,
    find: async (query) => (await new Promise<string[]>((resolve) => (waiting[query] = resolve))).map((label) => ({ id: label, label, content: [{ type: "text", text: label }] })),
  };
  const { view, type, labels } = open(names, slow);
  type(":a");
  type("b");
  waiting["ab"]?.(["right"]);
  await Promise.resolve().then(() => {});
  waiting["a"]?.(["late"]);
  await Promise.resolve().then(() => {});
  expect(labels()).toEqual(["right"]);
  view.destroy();
});

test("a sign of two characters goes as a whole", () => {
  const two: Source = { of: "variable", sign: 2, wanted: (text) => /\{\{(\w*)$/.exec(text)?.[1] ?? null, find: () => [{ id: "n", label: "name", content: [{ type: "text", text: "青井" }] }] };
  const { view, type, press } = open(two);
  type("様: {{na");
  press("Enter");
  expect(view.state.doc.textContent).toBe("様: 青井");
  view.destroy();
});

test("a colleague who is still on the way is offered once they are here", async () => {
  const { view, type, labels } = open(colleagues(async () => [{ id: 9, name: "小川" }]));
  type("@小");
  expect(labels()).toEqual([]);
  await vi.waitFor(() => expect(labels()).toEqual(["小川"]));
  view.destroy();
});
