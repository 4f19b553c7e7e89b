import { cloneElement, type ReactElement } from "react";

/** Shows a control's name and shortcut on hover and focus. The control names itself; this is for the eye. */
export function Tooltip(props: { text: string; shortcut?: string | undefined; side?: "top" | "bottom" | "left" | "right"; children: ReactElement<Record<string, unknown>> }) {
  return cloneElement(props.children, { "data-tip": props.text, "data-tip-keys": props.shortcut, "data-tip-side": props.side ?? "bottom" });
}
