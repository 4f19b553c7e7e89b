import { composing } from "../actions/keys.ts";

const dialogs = ["[role=dialog]", "[role=alertdialog]"].map((one) => `${one}:not([data-toast], [data-closed])`).join();
/** Keys that would do something below; others, such as those of the browser, stay what they are. */
const below = /^(?:Enter|Tab|Backspace|Delete|Escape|Home|End|Page(?:Up|Down)|Arrow\w+)$/;

/**
 * Keeps what is typed while something that was opened over the inbox is still on its way, so that none of it is taken for a
 * shortcut or lands in the text below. What opens begins with what `typed` gives; Esc gives up by `end`.
 */
export function holdKeys(end: () => void): { typed: () => string; stop: () => void } {
  let text = "";
  const pressed = (event: KeyboardEvent) => {
    if (composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = document.querySelector(dialogs)?.querySelector<HTMLElement>("[role=combobox]");
    if (document.activeElement?.closest(dialogs)) return stop();
    if (box) return box.focus(); // it is there and about to have the focus: the key is its own
    if (event.key.length > 1 && !below.test(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") end();
    else if (event.key === "Backspace") text = text.slice(0, -1);
    else if (event.key.length === 1) text += event.key;
  };
  /** From then on the dialog looks after its keys, and after those of what it opens. */
  const focused = ({ target }: FocusEvent) => target instanceof Element && target.closest(dialogs) && stop();
  const stop = () => {
    window.removeEventListener("keydown", pressed, true);
    window.removeEventListener("focusin", focused);
  };
  window.addEventListener("keydown", pressed, true);
  window.addEventListener("focusin", focused);
  return { typed: () => text, stop };
}
