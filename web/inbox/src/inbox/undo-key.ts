import { useEffect } from "react";
import { useKeyHint } from "../preferences/keys.ts";
import { hintUndo } from "../ui/toast.tsx";

/** Lets toasts show the key that undoes. */
export function useUndoHint(): void {
  const hint = useKeyHint()("undo");
  useEffect(() => {
    hintUndo(hint);
    return () => hintUndo("");
  }, [hint]);
}
