import { useState } from "react";
import { useSession } from "../api/session.ts";
import { draftPlace } from "../api/snapshot.ts";
import type { Id } from "../api/types.ts";

/** A contact note that is being written: this browser keeps it until it is added, whatever is looked at meanwhile. */
export function useUnsentNote(contact: Id): [string, (text: string) => void] {
  const { workspace, user } = useSession();
  const key = `${draftPlace}${workspace.id}.${user.id}.contact.${contact}`;
  const [text, setText] = useState(() => read(key));
  const write = (now: string) => {
    setText(now);
    try {
      if (now) localStorage.setItem(key, JSON.stringify({ saved: false, text: now }));
      else localStorage.removeItem(key);
    } catch {
      // The browser's storage is full or closed: it stays as long as it is on screen.
    }
  };
  return [text, write];
}

function read(key: string): string {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? "null") as { text?: string } | null)?.text ?? "";
  } catch {
    return "";
  }
}
