import { cloneElement, useState } from "react";
import { useLateParts } from "./late-parts.ts";
import type * as Parts from "./menu-parts.tsx";

/*
 * Menus are not needed for the first picture: their code comes when the browser is idle, or when somebody opens one.
 * The parts below only ever stand inside an open menu, so by then the code is there.
 */
let parts: typeof Parts | null = null;
const load = async () => (parts ??= await import("./menu-parts.tsx"));

/** A button that opens a list of commands. */
export function Menu(props: Parts.MenuProps) {
  const [wanted, setWanted] = useState(false);
  const { ready, hold } = useLateParts(parts, load, wanted);
  if (ready) return <ready.Menu {...props} startOpen={wanted} />;
  return cloneElement(props.trigger, { "aria-haspopup": "menu", "aria-expanded": false, ...hold, onClick: () => setWanted(true) });
}

/** One command. */
export const MenuItem = (props: Parts.ItemProps) => parts && <parts.MenuItem {...props} />;

/** One of several that can be on at once. */
export const MenuCheck = (props: Parts.CheckProps) => parts && <parts.MenuCheck {...props} />;

/** A group of which exactly one is chosen. */
export function MenuRadio<Value extends string>(props: Parts.RadioProps<Value>) {
  return parts && <parts.MenuRadio {...props} />;
}

/** A menu inside the menu. */
export const Submenu = (props: Parts.SubmenuProps) => parts && <parts.Submenu {...props} />;

/** A heading with the lines that belong to it. */
export const MenuGroup = (props: Parts.GroupProps) => parts && <parts.MenuGroup {...props} />;

/** A line between groups. */
export const MenuSeparator = () => parts && <parts.MenuSeparator />;
