import { baseKeymap, chainCommands, liftEmptyBlock, splitBlock, toggleMark } from "@tiptap/pm/commands";
import { history, redo, undo } from "@tiptap/pm/history";
import { keymap } from "@tiptap/pm/keymap";
import { Fragment, type Attrs, type ResolvedPos } from "@tiptap/pm/model";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "@tiptap/pm/schema-list";
import { EditorState, Plugin, Selection, TextSelection, type Command, type Transaction } from "@tiptap/pm/state";
import { Decoration, DecorationSet, EditorView } from "@tiptap/pm/view";
import { cannedReplies } from "./canned.ts";
import type { Node } from "./document.ts";
import { emojiNames } from "./emoji.ts";
import { colleagues, type Person } from "./mention.ts";
import { picking, type Answer, type Picking } from "./picking.ts";
import { typedFormats } from "./rules.ts";
import { schema, type Format } from "./schema.ts";
import { unfilledIn, variablesTyped } from "./variables.ts";

/** What the editor asks its surroundings, each time anew. */
export interface Surroundings {
  placeholder: () => string;
  label: () => string;
  /** Colleagues for "@"; only in notes. */
  people: (query: string) => Person[] | Promise<Person[]>;
  /** Canned replies after "/", variables filled in. */
  canned: (query: string) => Answer[] | Promise<Answer[]>;
  /** Variables after "{{", with their values in this conversation. */
  variables: (query: string) => Promise<Answer[]>;
  /** The viewer's language, for the names of emoji. */
  locale: () => string;
  picking: (now: Picking) => void;
  changed: () => void;
  /** True if the key was dealt with. */
  key: (event: KeyboardEvent, composing: boolean) => boolean;
  files: (files: File[]) => void;
}

const { nodes, marks } = schema;

const nextLine = chainCommands(splitListItem(nodes.listItem), liftEmptyBlock, splitBlock);

const toggled = (format: Format): Command =>
  format === "bulletList" ? chainCommands(liftListItem(nodes.listItem), wrapInList(nodes.bulletList)) : toggleMark(marks[format]);

/** Backspace at the beginning of an item takes it out of its list. */
const leaveList: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  return empty && $from.parentOffset === 0 && $from.index(-1) === 0 && liftListItem(nodes.listItem)(state, dispatch);
};

/** The arrow leads out of code that ends the line. */
const leaveCode: Command = ({ selection: { $from, empty }, tr }, dispatch) => {
  if (!empty || $from.pos !== $from.end() || !marks.code.isInSet($from.marks())) return false;
  dispatch?.(tr.insertText(" ").removeMark($from.pos, $from.pos + 1, marks.code).removeStoredMark(marks.code));
  return true;
};

const keys: Record<string, Command> = {
  "Mod-z": undo,
  "Shift-Mod-z": redo,
  "Mod-y": redo,
  "Mod-b": toggled("bold"),
  "Mod-i": toggled("italic"),
  "Mod-Shift-s": toggled("strike"),
  "Mod-e": toggled("code"),
  "Mod-Shift-8": toggled("bulletList"),
  Enter: nextLine,
  Tab: sinkListItem(nodes.listItem),
  "Shift-Tab": liftListItem(nodes.listItem),
  Backspace: leaveList,
  ArrowRight: leaveCode,
};

/** Shows variables that still wait for their value. */
const gaps = () => new Plugin({ props: { decorations: ({ doc }) => DecorationSet.create(doc, unfilledIn(doc).map(({ from, to }) => Decoration.inline(from, to, { class: "unfilled" }))) } });

/** The stretch around a place that one link covers. */
function linkAround($at: ResolvedPos): { from: number; to: number; href: string } | null {
  const link = marks.link.isInSet($at.marks()) ?? marks.link.isInSet($at.nodeAfter?.marks ?? []);
  if (!link) return null;
  let [from, to] = [$at.start(), $at.start()];
  for (let i = 0; i < $at.parent.childCount; i++) {
    const child = $at.parent.child(i);
    const linked = link.isInSet(child.marks);
    if (!linked && to >= $at.pos && from < to) break;
    if (!linked) from = to + child.nodeSize;
    to += child.nodeSize;
  }
  return { from, to, href: String((link.attrs as Attrs)["href"]) };
}

/** The one editor of a page; its content is swapped from conversation to conversation. */
export class Editor {
  readonly view: EditorView;
  private readonly watchers = new Set<() => void>();
  private editable = true;

  constructor(element: HTMLElement, around: Surroundings) {
    const plugins = [
      picking(this, [colleagues(around.people), emojiNames(around.locale), cannedReplies(around.canned), variablesTyped(around.variables)], around.picking),
      typedFormats(),
      keymap(keys),
      keymap(baseKeymap),
      history(),
      gaps(),
    ];
    this.view = new EditorView(element, {
      state: EditorState.create({ schema, plugins }),
      editable: () => this.editable,
      attributes: () => ({ role: "textbox", "aria-multiline": "true", "aria-label": around.label(), "data-placeholder": around.placeholder(), class: "editor" }),
      clipboardTextSerializer: ({ content }) => content.textBetween(0, content.size, "\n"),
      dispatchTransaction: (tr) => {
        this.view.updateState(this.view.state.apply(tr));
        if (tr.docChanged) around.changed();
        this.tell();
      },
      handleKeyDown: (view, event) => around.key(event, event.isComposing || event.keyCode === 229 || view.composing),
      handlePaste: (_view, event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length === 0 || event.clipboardData?.types.includes("text/html")) return false;
        around.files(files);
        return true;
      },
      handleDrop: (_view, event) => (event.dataTransfer?.files.length ?? 0) > 0, // the pane around takes files
    });
  }

  get state(): EditorState {
    return this.view.state;
  }

  /** Calls after every change of text or selection, until the answer is called. */
  watch = (watcher: () => void) => {
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  };

  json = (): Node => this.state.doc.toJSON() as Node;

  /** Puts other content in; undo does not lead back into another conversation. */
  swap(content: Node): void {
    const { plugins } = this.state;
    this.view.updateState(EditorState.create({ doc: schema.nodeFromJSON(content), plugins }));
    this.tell();
  }

  focus(): void {
    // Android's Enter is heard after the page has changed, and focusing again would look for the cursor in what was there before.
    if (!this.view.hasFocus()) this.view.focus();
  }

  focusEnd(): void {
    this.change((tr) => tr.setSelection(Selection.atEnd(tr.doc)));
    this.focus();
  }

  select({ from, to }: { from: number; to: number }): void {
    this.change((tr) => tr.setSelection(TextSelection.create(tr.doc, from, to)).scrollIntoView());
    this.focus();
  }

  /** Puts pieces of text in the place of what is selected, or of a range; they look like what stands there. */
  insert(content: readonly Node[], { from, to }: { from: number; to: number } = this.state.selection): void {
    this.change((tr) => {
      const around = this.state.storedMarks ?? tr.doc.resolve(from).marks();
      const pieces = content.map((one) => schema.nodeFromJSON(one)).map((node) => (node.isText && node.marks.length === 0 ? node.mark(around) : node));
      const fragment = Fragment.from(pieces);
      tr.replaceWith(from, to, fragment);
      return tr.setSelection(TextSelection.create(tr.doc, from + fragment.size)).scrollIntoView();
    });
  }

  /** Enter as it is without sending. */
  newLine = (): boolean => this.run(nextLine);

  toggle(format: Format): void {
    this.focus();
    this.run(toggled(format));
  }

  /** Whether what is selected, or would be typed, is formatted so. */
  has(format: Format | "link"): boolean {
    const { selection, storedMarks, doc } = this.state;
    const { $from, from, to, empty } = selection;
    if (format === "bulletList") return Array.from({ length: $from.depth }, (_, depth) => $from.node(depth)).some(({ type }) => type === nodes.bulletList);
    return empty ? Boolean(marks[format].isInSet(storedMarks ?? $from.marks())) : doc.rangeHasMark(from, to, marks[format]);
  }

  /** Where the link at the cursor leads, "" without one. */
  get href(): string {
    return linkAround(this.state.selection.$from)?.href ?? "";
  }

  /** Makes a link of what is selected, changes the one at the cursor, or writes one; "" takes it away. */
  setHref(href: string, typed: string): void {
    const { $from, from, to, empty } = this.state.selection;
    const range = linkAround($from) ?? { from, to };
    if (href && empty && range.from === range.to) this.insert([{ type: "text", text: typed, marks: [{ type: "link", attrs: { href } }] }]);
    else
      this.change((tr) => {
        tr.removeMark(range.from, range.to, marks.link);
        return href ? tr.addMark(range.from, range.to, marks.link.create({ href })) : tr;
      });
    this.focus();
  }

  setEditable(editable: boolean): void {
    this.editable = editable;
    this.view.setProps({});
  }

  destroy(): void {
    this.view.destroy();
  }

  private change(with_: (tr: Transaction) => Transaction): void {
    this.view.dispatch(with_(this.state.tr));
  }

  private run(command: Command): boolean {
    return command(this.state, this.view.dispatch);
  }

  private tell(): void {
    for (const watcher of this.watchers) watcher();
  }
}
