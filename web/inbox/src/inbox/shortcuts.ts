import { useEffect } from "react";
import { actions, invoke, possible, type ActionContext } from "../actions/index.ts";
import { composing, editable, keyName, Sequence } from "../actions/keys.ts";
import { usePreferences } from "../preferences/index.ts";
import { useLatest } from "../ui/use-latest.ts";

const byKey = new Map(actions.flatMap((action) => (action.keys ?? []).map((key) => [key, action] as const)));
const prefixes = new Set([...byKey.keys()].filter((key) => key.includes(" ")).map((key) => key.split(" ")[0] ?? ""));
/** What lies over the inbox and has the keys to itself; what is on its way out has them no more. */
const over = ["[role=dialog]:not([data-toast])", "[role=alertdialog]:not([data-toast])", "[role=menu]", "[role=listbox]:not(#conversation-list)"].map((one) => `${one}:not([data-closed])`).join();
/** Keys that mean something to the focused control unless that is the list or nothing. */
const shared = /^(Enter|Escape|Arrow\w+)$/;

/** Listens for the keyboard map of the whole inbox. */
export function useShortcuts(context: ActionContext): void {
  const [{ shortcuts }] = usePreferences();
  const latest = useLatest({ context, shortcuts });

  useEffect(() => {
    const sequence = new Sequence();
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || composing(event)) return;
      const { context, shortcuts } = latest.current;
      const typing = editable(event.target);
      const name = keyName(event);
      const single = !name.startsWith("Mod+");
      if (single && (!shortcuts || typing || event.altKey)) return;
      if (document.querySelector(over)) return;
      if (shared.test(name) && !sharedTarget(event.target)) return;
      const action = byKey.get(single ? sequence.next(name, prefixes, event.timeStamp) : name);
      if (!action || (typing && !action.whileWriting) || !possible(action, context)) return;
      event.preventDefault();
      invoke(action, context);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [latest]);
}

const sharedTarget = (target: EventTarget | null) => target === document.body || (target instanceof HTMLElement && target.matches("#conversation-list, #thread-title, [role=log]"));
