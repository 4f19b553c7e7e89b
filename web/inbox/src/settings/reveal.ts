/** What stands for a field on a page: where its name stands, and what takes the focus. */
export interface Found {
  place: HTMLElement;
  focus: HTMLElement;
}

const focusable = "input:not([type=hidden]):not([hidden]), textarea, select, button, [role=switch], [role=radio], [role=combobox], a[href]";

/** Finds a field by its name as it is written on the page; null while it is not there. */
export function fieldOn(page: Element, name: string): Found | null {
  const words = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const at = words.currentNode.parentElement;
    if (!at || words.currentNode.nodeValue?.trim() !== name || at.closest("[hidden], h1, nav")) continue;
    const label = at.closest("label");
    const named = label?.control;
    const beside = at.closest("button, a") ?? (at.closest("h2, h3") ? null : (label?.querySelector(focusable) ?? at.closest("li, fieldset, div")?.querySelector(focusable) ?? at.closest("div")?.parentElement?.querySelector(focusable)));
    const focus = (named && named.getClientRects().length > 0 ? named : beside) ?? at;
    return { place: at.closest<HTMLElement>("li, label, section, fieldset") ?? at, focus: focus as HTMLElement };
  }
  return null;
}

/** How long a page may take to show the field, ms. */
const patienceMs = 5_000;

/** Scrolls to a field as soon as it is on the page, moves the focus there and lights it up once. Gives what ends the wait. */
export function reveal(page: Element, name: string): () => void {
  const show = () => {
    const found = fieldOn(page, name);
    if (!found) return false;
    stop();
    if (!found.focus.matches(focusable)) found.focus.tabIndex = -1;
    found.place.scrollIntoView({ block: "center" });
    found.focus.focus({ preventScroll: true });
    const { classList } = found.place;
    classList.remove("revealed");
    requestAnimationFrame(() => classList.add("revealed"));
    found.place.addEventListener("animationend", () => classList.remove("revealed"), { once: true });
    return true;
  };
  const grown = new MutationObserver(show);
  const timer = setTimeout(() => grown.disconnect(), patienceMs);
  const stop = () => {
    grown.disconnect();
    clearTimeout(timer);
  };
  if (!show()) grown.observe(page, { childList: true, subtree: true });
  return stop;
}
