import { useEffect } from "react";
import { actionById } from "../actions/index.ts";
import { isSingle, keysOf } from "../actions/keymap.ts";
import { composing, editable, keyName } from "../actions/keys.ts";
import { usePreferences } from "../preferences/index.ts";
import { useKeyHint, useOwnKeys } from "../preferences/keys.ts";
import { hintUndo, undoLast } from "../ui/toast.tsx";
import { useLatest } from "../ui/use-latest.ts";

/** The key of "undo" on pages that have no other shortcuts, such as the settings; toasts show it. */
export function useUndoKey(): void {
  const [{ shortcuts }] = usePreferences();
  const own = useOwnKeys();
  const latest = useLatest({ shortcuts, own });
  useUndoHint();
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const { shortcuts, own } = latest.current;
      const undo = actionById("undo");
      if (!undo || event.defaultPrevented || composing(event) || editable(event.target) || event.altKey) return;
      const name = keyName(event);
      if (!keysOf(undo, own).includes(name) || (isSingle(name) && !shortcuts)) return;
      if (undoLast()) event.preventDefault();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [latest]);
}

/** Lets toasts show the key that undoes. */
export function useUndoHint(): void {
  const hint = useKeyHint()("undo");
  useEffect(() => {
    hintUndo(hint);
    return () => hintUndo("");
  }, [hint]);
}
