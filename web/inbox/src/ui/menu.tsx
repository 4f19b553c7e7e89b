import { cloneElement, useEffect, useState, type FocusEvent, type PointerEvent } from "react";
import { flushSync } from "react-dom";
import { whenIdle } from "./idle.ts";
import type * as Parts from "./menu-parts.tsx";

/*
 * Menus are not needed for the first picture: their code comes when the browser is idle, or when somebody opens one.
 * The parts below only ever stand inside an open menu, so by then the code is there.
 */
let parts: typeof Parts | null = null;
const load = async () => (parts ??= await import("./menu-parts.tsx"));

/** Takes the focus if it went with the button that stood here. */
const refocus = (button: HTMLElement | null) => void (document.activeElement === document.body && button?.focus());

/**
 * A button that opens a list of commands. It is but a button until somebody comes near it, with the pointer or the keyboard:
 * a page has dozens, one beside each message, and few are ever opened.
 */
export function Menu(props: Parts.MenuProps) {
  const [near, setNear] = useState<{ parts: typeof Parts; by: "pointer" | "focus" | "press" } | null>(null);
  useEffect(() => (parts ? undefined : whenIdle(() => void load())), []);
  if (near) {
    const trigger = near.by === "focus" ? cloneElement(props.trigger, { ref: refocus }) : props.trigger;
    return <near.parts.Menu {...props} trigger={trigger} startOpen={near.by === "press"} />;
  }
  const come = (by: "pointer" | "focus") => parts && flushSync(() => parts && setNear({ parts, by })); // at once: next comes the press
  return cloneElement(props.trigger, {
    "aria-haspopup": "menu",
    "aria-expanded": false,
    onPointerEnter: ({ pointerType, currentTarget }: PointerEvent) => pointerType !== "touch" && come(currentTarget === document.activeElement ? "focus" : "pointer"),
    onFocus: ({ currentTarget }: FocusEvent) => currentTarget.matches(":focus-visible") && come("focus"),
    onClick: () => void load().then((parts) => setNear({ parts, by: "press" })),
  });
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
