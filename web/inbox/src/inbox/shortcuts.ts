import { useEffect, useMemo } from "react";
import { invoke, ofColleague, possible, type ActionContext } from "../actions/index.ts";
import { isSingle, keymap } from "../actions/keymap.ts";
import { composing, editable, keyName, Sequence } from "../actions/keys.ts";
import { usePreferences } from "../preferences/index.ts";
import { useOwnKeys } from "../preferences/keys.ts";
import { useToast } from "../ui/toast.tsx";
import { useLatest } from "../ui/use-latest.ts";
import { useUndoHint } from "./undo-key.ts";

/** What lies over the page and has the keys to itself; what is on its way out has them no more. */
const over = ["[role=dialog]:not([data-toast])", "[role=alertdialog]:not([data-toast])", "[role=menu]", "[role=listbox]:not(#conversation-list, #contact-list)"].map((one) => `${one}:not([data-closed])`).join();
/** Keys that mean something to the focused control unless that is the list or nothing. */
const shared = /^(Enter|Escape|Arrow\w+)$/;

/** Listens for the keyboard map, as far as it means something where the viewer is. */
export function useShortcuts(context: ActionContext): void {
  const [{ shortcuts }] = usePreferences();
  const own = useOwnKeys();
  const map = useMemo(() => keymap(own), [own]);
  useUndoHint();
  const toast = useToast();
  const latest = useLatest({ context, shortcuts, map, toast });

  useEffect(() => {
    const sequence = new Sequence();
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || composing(event)) return;
      const { context, shortcuts, map, toast } = latest.current;
      const typing = editable(event.target);
      const name = keyName(event);
      const single = isSingle(name);
      if (single && (!shortcuts || typing || event.altKey)) return;
      if (document.querySelector(over)) return;
      if (shared.test(name) && !sharedTarget(event.target) && !(name === "Escape" && inSelection(event.target))) return;
      const named = map.byKey.get(single ? sequence.next(name, map.prefixes, event.timeStamp) : name) ?? [];
      const action = named.find((one) => possible(one, context) && (!typing || one.whileWriting));
      if (!action) {
        if (!typing && named.some((one) => ofColleague(one, context))) toast.say(whose(context));
        return;
      }
      event.preventDefault();
      invoke(action, context);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [latest]);
}

/** Says who decides about the open case. */
const whose = ({ row, members, t }: ActionContext) => t("do.of_colleague", { name: members.find(({ user_id }) => user_id === row?.ticket.assignee_id)?.name ?? "" });

/** Esc ends a selection from its own bar, too. */
const inSelection = (target: EventTarget | null) => target instanceof HTMLElement && target.closest("[data-selection]") !== null;
const sharedTarget = (target: EventTarget | null) => target === document.body || (target instanceof HTMLElement && target.matches("#conversation-list, #thread-title, [role=log]"));
