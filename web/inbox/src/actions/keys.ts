/** Whether this looks like an Apple keyboard, where Cmd takes the place of Ctrl. */
export const apple = () => /mac|iphone|ipad/i.test(navigator.platform);

type KeyPress = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

const digitsAndLetters = /^(?:Key([A-Z])|Digit(\d))$/;
const marks: Record<string, string> = { Slash: "/", BracketLeft: "[", BracketRight: "]", Comma: ",", Period: "." };

/**
 * The name of a pressed key: "e", "Shift+J", "Mod+k", "Mod+Shift+Enter", "?". Compares what the key types, and falls
 * back to where it lies when the layout or an input method gives a letter that is not Latin. Mod is Cmd or Ctrl.
 */
export function keyName(event: KeyPress): string {
  let key = event.key;
  if (key.length === 1 && !/[\x20-\x7e]/.test(key)) {
    const [, letter, digit] = digitsAndLetters.exec(event.code) ?? [];
    key = letter?.toLowerCase() ?? digit ?? marks[event.code] ?? key;
    if (event.code === "Slash" && event.shiftKey) key = "?";
  }
  const mod = event.ctrlKey || event.metaKey ? "Mod+" : "";
  const alt = event.altKey ? "Alt+" : "";
  const letter = /^[a-z]$/i.test(key);
  if (letter) key = event.shiftKey ? key.toUpperCase() : key.toLowerCase();
  const shift = event.shiftKey && (letter || key.length > 1) ? "Shift+" : "";
  return mod + alt + shift + key;
}

/** Whether an input method is composing: then no key is a shortcut. Safari ends a composition with keyCode 229. */
export const composing = (event: Pick<KeyboardEvent, "isComposing" | "keyCode">) => event.isComposing || event.keyCode === 229;

/** Whether the focus is where letters are typed, or choose from a list that is closed. */
export function editable(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [role=combobox]") || target.closest("[contenteditable=true]") !== null;
}

/** Follows keys pressed one after the other, such as "g m". */
export class Sequence {
  private prefix = "";
  private at = 0;
  private readonly withinMs = 1_200;

  /** The name of what was pressed together with a prefix before it. `prefixes` says which keys begin something. */
  next(name: string, prefixes: ReadonlySet<string>, now: number): string {
    const joined = this.prefix && now - this.at < this.withinMs ? `${this.prefix} ${name}` : name;
    const begins = joined === name && prefixes.has(name);
    this.prefix = begins ? name : "";
    this.at = now;
    return joined;
  }
}

const names: Record<string, string> = { Enter: "↵", Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓" };

/** A key's name as it is shown to people: "⌘K" or "Ctrl+K". */
export function shownKey(name: string, isApple: boolean): string {
  return name
    .split(" ")
    .map((press) => {
      const parts = press.split("+").map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part));
      if (!isApple) return parts.map((part) => (part === "Mod" ? "Ctrl" : part)).join("+");
      const signs: Record<string, string> = { Mod: "⌘", Shift: "⇧", Alt: "⌥" };
      return parts.map((part) => signs[part] ?? part).join("");
    })
    .join(" ");
}
