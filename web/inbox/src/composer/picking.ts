import { Plugin, type EditorState } from "@tiptap/pm/state";

/** Where what was picked is put. */
export interface Target {
  focus: () => void;
  insert: (content: Answer["content"], range: { from: number; to: number }) => void;
}

/** One answer to what is being typed, and what takes its place. */
export interface Answer {
  id: string;
  label: string;
  /** The sign beside the label: a colleague's face, or the emoji itself. */
  person?: number;
  emoji?: string;
  /** A second line: what it will say. */
  hint?: string;
  /** Called when it was picked. */
  picked?: () => void;
  content: { type: string; text?: string; attrs?: Record<string, unknown> }[];
}

/** Something that can be picked while writing, after a sign of its own. */
export interface Source {
  of: "mention" | "emoji" | "canned" | "variable";
  /** How many characters the sign has, if not one. */
  sign?: number;
  /** What stands between the sign and the cursor, null without the sign; `text` ends at the cursor. */
  wanted: (text: string) => string | null;
  find: (query: string) => Answer[] | Promise<Answer[]>;
}

/** What is being picked; null when nothing is. */
export type Picking = { of: Source["of"]; answers: readonly Answer[]; at: number; pick: (answer: Answer) => void } | null;

/**
 * Follows what is typed after a source's sign and listens to the keys that choose. The choice is shown above the editor,
 * where it needs no placing.
 */
export function picking(editor: Target, sources: readonly Source[], told: (now: Picking) => void): Plugin {
  let now: Picking = null;
  let from = -1;
  let dismissed = -1; // Esc closes the choice for this sign
  let looks = 0;
  const tell = (next: Picking) => {
    if (next === now) return;
    now = next;
    told(next);
  };
  const look = ({ selection }: EditorState) => {
    const { $from } = selection;
    const text = selection.empty ? $from.parent.textBetween(0, $from.parentOffset, undefined, "\ufffc") : "";
    const source = sources.find(({ wanted }) => wanted(text) !== null);
    const query = source?.wanted(text) ?? null;
    const at = ++looks;
    from = query === null ? -1 : $from.pos - query.length - (source?.sign ?? 1);
    if (from !== dismissed) dismissed = -1;
    if (!source || query === null || dismissed >= 0) return tell(null);
    const range = { from, to: $from.pos };
    const pick = ({ content, picked }: Answer) => {
      editor.focus();
      editor.insert(content, range);
      picked?.();
    };
    const show = (answers: Answer[]) => at === looks && dismissed < 0 && tell(answers.length ? { of: source.of, answers, at: 0, pick } : null);
    const found = source.find(query);
    if (Array.isArray(found)) show(found);
    else void found.then(show, () => show([])); // without its data there is nothing to pick
  };
  const keys: Record<string, (open: NonNullable<Picking>) => void> = {
    ArrowDown: (open) => tell({ ...open, at: (open.at + 1) % open.answers.length }),
    ArrowUp: (open) => tell({ ...open, at: (open.at + open.answers.length - 1) % open.answers.length }),
    Enter: (open) => open.answers[open.at] && open.pick(open.answers[open.at] as Answer),
    Tab: (open) => open.answers[open.at] && open.pick(open.answers[open.at] as Answer),
    Escape: () => {
      dismissed = from;
      tell(null);
    },
  };
  return new Plugin({
    view: () => ({
      update: ({ state }, before) => void ((before.doc !== state.doc || !before.selection.eq(state.selection)) && look(state)),
      destroy: () => {
        looks++;
        tell(null);
      },
    }),
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
