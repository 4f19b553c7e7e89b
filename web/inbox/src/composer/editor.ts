import { Editor, Extension, type Extensions } from "@tiptap/core";
import { Bold } from "@tiptap/extension-bold";
import { Code } from "@tiptap/extension-code";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Italic } from "@tiptap/extension-italic";
import { BulletList } from "@tiptap/extension-list/bullet-list";
import { ListItem } from "@tiptap/extension-list/item";
import { ListKeymap } from "@tiptap/extension-list/keymap";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Strike } from "@tiptap/extension-strike";
import { Text } from "@tiptap/extension-text";
import { UndoRedo } from "@tiptap/extensions/undo-redo";
import { EditorState, Plugin } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import type { Node } from "./document.ts";
import { Link } from "./link.ts";
import { emojiNames } from "./emoji.ts";
import { colleagues, Mention, type Person } from "./mention.ts";
import { cannedReplies, unfilledIn } from "./canned.ts";
import { picking, type Answer, type Picking } from "./picking.ts";

/** What the editor asks its surroundings, each time anew. */
export interface Surroundings {
  placeholder: () => string;
  label: () => string;
  /** Colleagues for "@"; only in notes. */
  people: (query: string) => Person[];
  /** Canned replies after "/", variables filled in. */
  canned: (query: string) => Answer[] | Promise<Answer[]>;
  /** The viewer's language, for the names of emoji. */
  locale: () => string;
  picking: (now: Picking) => void;
  changed: () => void;
  /** True if the key was dealt with. */
  key: (event: KeyboardEvent, composing: boolean) => boolean;
  files: (files: File[]) => void;
}

/** Makes the one editor of a page; its content is swapped from conversation to conversation. */
export function createEditor(element: HTMLElement, around: Surroundings): Editor {
  return new Editor({
    element,
    injectCSS: false,
    extensions: extensions(around),
    editorProps: {
      attributes: () => ({ role: "textbox", "aria-multiline": "true", "aria-label": around.label(), "data-placeholder": around.placeholder(), class: "editor" }),
      handleKeyDown: (view, event) => around.key(event, event.isComposing || event.keyCode === 229 || view.composing),
      handlePaste: (_view, event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length === 0 || event.clipboardData?.types.includes("text/html")) return false;
        around.files(files);
        return true;
      },
      handleDrop: (_view, event) => (event.dataTransfer?.files.length ?? 0) > 0, // the pane around takes files
    },
    onUpdate: () => around.changed(),
  });
}

/** Puts other content into the editor; undo does not lead back into another conversation. */
export function swap(editor: Editor, content: Node): void {
  const { state, view } = editor;
  const doc = state.schema.nodeFromJSON(content);
  view.updateState(EditorState.create({ doc, plugins: state.plugins }));
  view.dispatch(view.state.tr.setMeta("addToHistory", false)); // the editor learns of the new state
}

/** What can be picked while writing, see picking.ts. */
const picker = ({ people, canned, locale, picking: told }: Surroundings) =>
  Extension.create({
    name: "picker",
    addProseMirrorPlugins() {
      return [picking(this.editor, [colleagues(people), emojiNames(locale), cannedReplies(canned)], told)];
    },
  });

/** Shows variables that still wait for their value. */
const gaps = Extension.create({
  name: "gaps",
  addProseMirrorPlugins: () => [
    new Plugin({ props: { decorations: ({ doc }) => DecorationSet.create(doc, unfilledIn(doc).map(({ from, to }) => Decoration.inline(from, to, { class: "unfilled" }))) } }),
  ],
});

function extensions(around: Surroundings): Extensions {
  return [
    Document,
    Paragraph,
    Text,
    Bold,
    Italic,
    Strike,
    Code,
    HardBreak.extend({ addKeyboardShortcuts: () => ({}) }), // Enter and its relatives are decided in one place
    BulletList,
    ListItem,
    ListKeymap,
    Link,
    UndoRedo,
    Mention,
    picker(around),
    gaps,
  ];
}
