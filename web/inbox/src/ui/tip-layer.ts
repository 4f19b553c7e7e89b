const afterMs = 500;
const leaveMs = 120;
const gap = 6;

/**
 * The one tooltip of the page: names what carries `data-tip` while it is hovered or has the keyboard's focus. One element
 * for hundreds of controls, so that a list of buttons costs nothing. It can be hovered and is dismissed by Escape
 * (WCAG 1.4.13). Gives what removes it.
 */
export function startTips(): () => void {
  const tip = document.createElement("div");
  tip.setAttribute("aria-hidden", "true"); // the control has the same name
  tip.className = "fixed z-50 flex max-w-72 items-center gap-2 rounded bg-ink px-2 py-1 text-xs text-surface shadow-pop";
  tip.hidden = true;
  document.body.append(tip);
  let over: HTMLElement | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hiddenAt = 0;

  const hide = () => {
    clearTimeout(timer);
    if (!tip.hidden) hiddenAt = performance.now();
    tip.hidden = true;
    over = null;
  };
  const show = (target: HTMLElement) => {
    if (!target.isConnected || target.getAttribute("aria-expanded") === "true") return hide();
    const keys = target.dataset["tipKeys"];
    tip.replaceChildren(target.dataset["tip"] ?? "");
    if (keys) {
      const kbd = document.createElement("kbd");
      kbd.className = "rounded-sm bg-white/20 px-1 font-sans text-2xs";
      kbd.textContent = keys;
      tip.append(kbd);
    }
    tip.hidden = false;
    place(tip, target.getBoundingClientRect(), target.dataset["tipSide"] ?? "bottom");
  };
  const enter = (target: HTMLElement, wait: number) => {
    clearTimeout(timer);
    if (over === target && !tip.hidden) return;
    over = target;
    timer = setTimeout(() => show(target), performance.now() - hiddenAt < 300 ? 0 : wait);
  };
  const found = (event: Event) => (event.target instanceof Element ? event.target.closest<HTMLElement>("[data-tip]") : null);

  const stop = new AbortController();
  const on = { signal: stop.signal, capture: true, passive: true };
  document.addEventListener(
    "pointerover",
    (event) => {
      if (event.pointerType === "touch") return;
      if (event.target === tip) return clearTimeout(timer);
      const target = found(event);
      if (target) enter(target, afterMs);
      else if (over) {
        clearTimeout(timer);
        timer = setTimeout(hide, leaveMs);
      }
    },
    on,
  );
  document.addEventListener("focusin", (event) => {
    const target = found(event);
    if (target?.matches(":focus-visible")) enter(target, afterMs);
    else hide();
  }, on);
  for (const kind of ["focusout", "pointerdown", "scroll", "blur"]) document.addEventListener(kind, (event) => event.target !== tip && hide(), on);
  document.addEventListener("keydown", hide, on);
  return () => {
    stop.abort();
    tip.remove();
  };
}

/** Puts the tooltip beside a control, inside the window. */
function place(tip: HTMLElement, at: DOMRect, side: string): void {
  tip.style.left = tip.style.top = "0"; // at the window's edge it would be measured squeezed
  const { offsetWidth: width, offsetHeight: height } = tip;
  const middle = at.left + at.width / 2 - width / 2;
  const centre = at.top + at.height / 2 - height / 2;
  let x = side === "left" ? at.left - width - gap : side === "right" ? at.right + gap : middle;
  let y = side === "left" || side === "right" ? centre : side === "top" ? at.top - height - gap : at.bottom + gap;
  if (y + height > innerHeight - 4) y = at.top - height - gap;
  if (y < 4) y = at.bottom + gap;
  x = Math.max(4, Math.min(x, innerWidth - width - 4));
  tip.style.left = `${x}px`;
  tip.style.top = `${y}px`;
}
