import { actions, type Action } from "./index.ts";

/** Keys a member gave to actions, by the action's id; what is not there has the keys it comes with. */
export type OwnKeys = Readonly<Record<string, readonly string[]>>;

/** Most keys of one action. */
export const mostKeys = 3;

/** The keys of an action, as the member has them. */
export const keysOf = (action: Action, own: OwnKeys): readonly string[] => own[action.id] ?? action.keys ?? [];

/** Actions that a new key of `action` would meet: with the same key, or with a key that begins the other. */
export function clashes(action: Action, key: string, own: OwnKeys, all: readonly Action[] = actions): Action[] {
  return all.filter((other) => other !== action && keysOf(other, own).some((one) => one === key || one.startsWith(`${key} `) || key.startsWith(`${one} `)));
}

/** Gives an action other keys and takes them from whoever has them; keys as they came are not kept. */
export function assign(action: Action, keys: readonly string[], own: OwnKeys, all: readonly Action[] = actions): OwnKeys {
  const next: Record<string, readonly string[]> = { ...own, [action.id]: keys.slice(0, mostKeys) };
  const added = keys.filter((key) => !keysOf(action, own).includes(key));
  for (const key of added) {
    for (const other of clashes(action, key, own, all)) next[other.id] = keysOf(other, next).filter((one) => one !== key && !one.startsWith(`${key} `) && !key.startsWith(`${one} `));
  }
  return tidied(next, all);
}

/** Gives one action back the keys it came with. */
export function reset(action: Action, own: OwnKeys, all: readonly Action[] = actions): OwnKeys {
  return assign(action, action.keys ?? [], own, all);
}

const tidied = (own: OwnKeys, all: readonly Action[]): OwnKeys =>
  Object.fromEntries(Object.entries(own).filter(([id, keys]) => (all.find((action) => action.id === id)?.keys ?? []).join("\n") !== keys.join("\n")));

/** Reads what was stored; anything that is not a list of keys of a known action is left out. */
export function readKeys(stored: unknown): OwnKeys {
  if (typeof stored !== "object" || stored === null) return {};
  const entries = Object.entries(stored).filter(([id, keys]) => actions.some((action) => action.id === id) && Array.isArray(keys) && keys.every((key) => typeof key === "string" && key !== ""));
  return Object.fromEntries(entries) as OwnKeys;
}

/** Who has a key, and which keys begin two that follow each other. */
export function keymap(own: OwnKeys): { byKey: ReadonlyMap<string, readonly Action[]>; prefixes: ReadonlySet<string> } {
  const byKey = new Map<string, Action[]>();
  for (const action of actions) for (const key of keysOf(action, own)) byKey.set(key, [...(byKey.get(key) ?? []), action]);
  const prefixes = new Set([...byKey.keys()].filter((key) => key.includes(" ")).map((key) => key.split(" ")[0] ?? ""));
  return { byKey, prefixes };
}

const browsers = /^Mod\+(?:[acfhlnopqrstvwxyz\d=+-]|Shift\+[bcijnoprtvw])$/i;

/** Keys that are not ours to give: the browser's, the screen reader's, and those that move the focus. */
export const reserved = (name: string): boolean => browsers.test(name) || /(?:^|\+)(?:Tab|F\d+|CapsLock|Dead|Process|Unidentified|Meta|Control|Alt|Shift| )$/.test(name) || name.startsWith("Alt+");

/** Whether a key counts without Ctrl or Cmd: then it can be switched off (WCAG 2.1.4). */
export const isSingle = (name: string): boolean => !name.startsWith("Mod+");
