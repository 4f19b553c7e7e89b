import { Menu as Base } from "@base-ui/react/menu";
import { Check, ChevronRight } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { useT } from "../i18n/index.tsx";
import { Kbd } from "./kbd.tsx";

export interface MenuProps {
  trigger: ReactElement<Record<string, unknown>>;
  children: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom" | "left" | "right";
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** Where the focus goes when it closes; its button if left out. */
  back?: () => HTMLElement | null | undefined;
}

/** A button that opens a list of commands. */
export function Menu({ trigger, children, align = "start", side = "bottom", open, onOpenChange, back, startOpen = false }: MenuProps & { startOpen?: boolean }) {
  const t = useT(); // a landmark around what stands outside of all others
  return (
    <Base.Root defaultOpen={startOpen} {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange: (next: boolean) => onOpenChange(next) } : {})}>
      <Base.Trigger render={trigger} />
      <Base.Portal render={<section aria-label={t("ui.menu")} />}>
        <Base.Positioner align={align} side={side} sideOffset={4} collisionPadding={8} className="z-40">
          <Base.Popup {...(back ? { finalFocus: () => back() ?? true } : {})} className="popup max-h-(--available-height) min-w-44 overflow-y-auto p-1">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export interface ItemProps {
  children: ReactNode;
  onSelect?: () => void;
  icon?: ReactNode;
  shortcut?: string | undefined;
  disabled?: boolean;
  danger?: boolean;
}

/** One command. */
export function MenuItem({ children, onSelect, icon, shortcut, disabled, danger }: ItemProps) {
  return (
    <Base.Item className={`choice ${danger ? "text-danger" : ""}`} disabled={disabled} onClick={onSelect}>
      {icon && <span className="grid size-4 shrink-0 place-items-center text-muted">{icon}</span>}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {shortcut && (
        <span className="flex pointer-coarse:hidden">
          <Kbd>{shortcut}</Kbd>
        </span>
      )}
    </Base.Item>
  );
}

export interface CheckProps {
  children: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  icon?: ReactNode;
  shortcut?: string;
  /** The menu closes with it; else it stays open. */
  closes?: boolean;
}

/** One of several that can be on at once. */
export function MenuCheck(props: CheckProps) {
  return (
    <Base.CheckboxItem className="choice" checked={props.checked} onCheckedChange={(checked) => props.onChange(checked)} closeOnClick={props.closes ?? false}>
      <span className="grid size-4 shrink-0 place-items-center text-accent">{props.checked && <Check size={14} aria-hidden />}</span>
      {props.icon}
      <span className="min-w-0 flex-1 truncate">{props.children}</span>
      {props.shortcut && (
        <span className="flex pointer-coarse:hidden">
          <Kbd>{props.shortcut}</Kbd>
        </span>
      )}
    </Base.CheckboxItem>
  );
}

export interface RadioProps<Value extends string> {
  value: Value;
  onChange: (value: Value) => void;
  options: readonly { value: Value; label: ReactNode; icon?: ReactNode }[];
}

/** A group of which exactly one is chosen. */
export function MenuRadio<Value extends string>(props: RadioProps<Value>) {
  return (
    <Base.RadioGroup value={props.value} onValueChange={(value: Value) => props.onChange(value)}>
      {props.options.map((option) => (
        <Base.RadioItem key={option.value} value={option.value} className="choice" closeOnClick>
          <span className="grid size-4 shrink-0 place-items-center text-accent">{option.value === props.value && <Check size={14} aria-hidden />}</span>
          {option.icon}
          <span className="min-w-0 flex-1 truncate">{option.label}</span>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}

export interface SubmenuProps {
  label: ReactNode;
  icon?: ReactNode;
  children: ReactNode;
}

/** A menu inside the menu. */
export function Submenu(props: SubmenuProps) {
  return (
    <Base.SubmenuRoot>
      <Base.SubmenuTrigger className="choice data-[popup-open]:bg-hover">
        {props.icon && <span className="grid size-4 shrink-0 place-items-center text-muted">{props.icon}</span>}
        <span className="min-w-0 flex-1 truncate">{props.label}</span>
        <ChevronRight size={14} aria-hidden className="text-faint" />
      </Base.SubmenuTrigger>
      <Base.Portal>
        <Base.Positioner sideOffset={2} collisionPadding={8} className="z-40">
          <Base.Popup className="popup max-h-(--available-height) min-w-44 overflow-y-auto p-1">{props.children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.SubmenuRoot>
  );
}

export interface GroupProps {
  label: string;
  children: ReactNode;
}

/** A heading with the lines that belong to it. */
export function MenuGroup({ label, children }: GroupProps) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2 pt-2 pb-1 text-xs text-faint">{label}</Base.GroupLabel>
      {children}
    </Base.Group>
  );
}

export const MenuSeparator = () => <Base.Separator className="mx-1 my-1 h-px bg-line" />;
