import { InputRule, inputRules, wrappingInputRule } from "@tiptap/pm/inputrules";
import type { Plugin } from "@tiptap/pm/state";
import { schema, type Format } from "./schema.ts";

const { marks, nodes } = schema;

/** What is typed between two signs gets a mark, and the signs go. */
const between = (pattern: RegExp, name: Exclude<Format, "bulletList">): InputRule =>
  new InputRule(pattern, ({ tr }, { 0: all, 1: before = "", 2: words = "" }, from, to) => {
    const start = from + before.length;
    // The last sign is being typed and stands nowhere yet.
    const signs = (all.length - before.length - words.length) / 2;
    if (tr.doc.rangeHasMark(start, to, marks.code)) return null;
    tr.delete(start + signs + words.length, to).delete(start, start + signs);
    return tr.addMark(start, start + words.length, marks[name].create()).removeStoredMark(marks[name]);
  });

/** Formatting as one types it: **bold**, *italic*, ~~struck~~, `code`, and "- " for a list. */
export const typedFormats = (): Plugin =>
  inputRules({
    rules: [
      between(/(^|\s)(?:\*\*|__)([^\s*_][^*_]*)(?:\*\*|__)$/, "bold"),
      between(/(^|\s)\*([^\s*][^*]*)\*$/, "italic"),
      between(/(^|\s)_([^\s_][^_]*)_$/, "italic"),
      between(/(^|\s)~~([^\s~][^~]*)~~$/, "strike"),
      between(/(^|\s)`([^`]+)`$/, "code"),
      wrappingInputRule(/^\s*[-+*]\s$/, nodes.bulletList),
    ],
  });
