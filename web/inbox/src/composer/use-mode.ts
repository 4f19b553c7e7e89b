import { useCallback, useMemo, useState } from "react";
import type { Id, Mode } from "../api/types.ts";
import type { Drafts } from "./drafts.ts";

/** Whether a reply or a note is written in a conversation, and whether there is a draft of the other, too (G4.1). */
export function useMode(conversation: Id, drafts: Drafts) {
  const begin = () => ({ conversation, mode: drafts.modeOf(conversation), chosen: false });
  const [begun, setBegun] = useState(begin);
  if (begun.conversation !== conversation) setBegun(begin()); // a note in one is no reason for one in the next
  const { mode } = begun;
  const other: Mode = mode === "reply" ? "note" : "reply";
  const [changes, setChanges] = useState(0);
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- what is kept there changes with each of the changes
  const besides = useMemo(() => drafts.has(conversation, other), [drafts, conversation, other, changes]);
  return {
    mode,
    other,
    setMode: useCallback((mode: Mode) => setBegun({ conversation, mode, chosen: true }), [conversation]),
    /** The other has a draft. */
    besides,
    otherChanged: () => setChanges((n) => n + 1),
    /** The only draft is a note, as is known now: whoever has chosen meanwhile is left there. */
    leadToNote: () => setBegun((now) => (now.conversation === conversation && !now.chosen ? { ...now, mode: "note" } : now)),
  };
}
