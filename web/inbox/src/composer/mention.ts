import { mergeAttributes, Node, type Editor } from "@tiptap/core";
import { Plugin, type EditorState } from "@tiptap/pm/state";
import { wanted, type Mentioning, type Person } from "./mentioning.ts";

interface Around {
  people: (query: string) => Person[];
  mentioning: (now: Mentioning) => void;
}

/**
 * A colleague's name in a note, picked after "@". TipTap's own brings a library that places pop-ups (10 kB gzip); we
 * show the choice above the editor, where it needs no placing.
 */
export const mention = (around: Around) =>
  Node.create({
    name: "mention",
    group: "inline",
    inline: true,
    selectable: false,
    atom: true,
    addAttributes: () => ({
      id: { default: null, parseHTML: (element: HTMLElement) => Number(element.dataset["id"]) || null, renderHTML: ({ id }: Record<string, unknown>) => ({ "data-id": id }) },
      label: { default: "", parseHTML: (element: HTMLElement) => element.dataset["label"] ?? "", renderHTML: ({ label }: Record<string, unknown>) => ({ "data-label": label }) },
    }),
    parseHTML: () => [{ tag: 'span[data-type="mention"]' }],
    renderHTML: ({ node, HTMLAttributes }) => ["span", mergeAttributes({ "data-type": "mention" }, HTMLAttributes), `@${String(node.attrs["label"])}`],
    renderText: ({ node }) => `@${String(node.attrs["label"])}`,
    addProseMirrorPlugins() {
      return [picking(this.editor, around)];
    },
  });

/** Follows what is typed after "@" and listens to the keys that choose. */
function picking(editor: Editor, { people, mentioning }: Around): Plugin {
  let now: Mentioning = null;
  let from = -1;
  let dismissed = -1; // Esc closes the choice for this "@"
  const tell = (next: Mentioning) => {
    if (next === now) return;
    now = next;
    mentioning(next);
  };
  const look = ({ selection }: EditorState) => {
    const { $from } = selection;
    const query = selection.empty ? wanted($from.parent.textBetween(0, $from.parentOffset, undefined, "\ufffc")) : null;
    from = query === null ? -1 : $from.pos - query.length - 1;
    if (from !== dismissed) dismissed = -1;
    const found = query === null || dismissed >= 0 ? [] : people(query);
    const range = { from, to: $from.pos };
    const pick = ({ id, name }: Person) =>
      void editor
        .chain()
        .focus()
        .insertContentAt(range, [{ type: "mention", attrs: { id, label: name } }, { type: "text", text: " " }])
        .run();
    tell(found.length ? { people: found, at: 0, pick } : null);
  };
  const keys: Record<string, (open: NonNullable<Mentioning>) => void> = {
    ArrowDown: (open) => tell({ ...open, at: (open.at + 1) % open.people.length }),
    ArrowUp: (open) => tell({ ...open, at: (open.at + open.people.length - 1) % open.people.length }),
    Enter: (open) => open.people[open.at] && open.pick(open.people[open.at] as Person),
    Tab: (open) => open.people[open.at] && open.pick(open.people[open.at] as Person),
    Escape: () => {
      dismissed = from;
      tell(null);
    },
  };
  return new Plugin({
    view: () => ({ update: ({ state }, before) => void ((before.doc !== state.doc || !before.selection.eq(state.selection)) && look(state)), destroy: () => tell(null) }),
    props: {
      handleKeyDown: (_view, event) => {
        const key = keys[event.key];
        if (!now || !key || event.isComposing || event.keyCode === 229) return false;
        key(now);
        return true;
      },
    },
  });
}
