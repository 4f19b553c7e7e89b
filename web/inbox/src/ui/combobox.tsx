import { Combobox as Base } from "@base-ui/react/combobox";
import { Check, X } from "lucide-react";
import { useId, type ReactNode } from "react";
import { useT } from "../i18n/index.tsx";

export interface Item<Value extends string | number> {
  value: Value;
  label: string;
  icon?: ReactNode;
}

interface ComboboxProps<Value extends string | number> {
  label: string;
  hideLabel?: boolean;
  items: readonly Item<Value>[];
  value: Value | null;
  onChange: (value: Value | null) => void;
  placeholder?: string;
  disabled?: boolean;
}

const popup = "popup max-h-[min(20rem,var(--available-height))] w-(--anchor-width) min-w-48 overflow-y-auto p-1";

/** The library names its hidden closing buttons in English, whatever the page speaks; they come anew at each opening. */
const rename = (name: string) => (open: boolean) => {
  if (!open) return;
  requestAnimationFrame(() => {
    for (const button of document.querySelectorAll("[aria-label=Dismiss]")) button.setAttribute("aria-label", name);
  });
};

/** One of many, found by typing. */
export function Combobox<Value extends string | number>({ label, hideLabel, items, value, onChange, placeholder, disabled }: ComboboxProps<Value>) {
  const t = useT();
  const id = useId(); // while the list is open everything else is hidden from screen readers, so the name is also on the input itself
  const chosen = items.find((item) => item.value === value) ?? null;
  return (
    <Base.Root onOpenChange={rename(t("ui.dismiss"))} items={items} value={chosen} onValueChange={(item) => onChange((item as Item<Value> | null)?.value ?? null)} {...(disabled ? { disabled } : {})}>
      <div className="flex w-full flex-col gap-1">
        <label htmlFor={id} className={hideLabel ? "sr-only" : "text-sm font-medium"}>
          {label}
        </label>
        <Base.Input id={id} aria-label={label} className="field" placeholder={placeholder} />
      </div>
      <Base.Portal render={<section aria-label={label} />}>
        <Base.Positioner sideOffset={4} collisionPadding={8} className="z-50">
          <Base.Popup className={popup}>
            <Base.Empty className="px-2 text-sm text-muted empty:hidden">{t("ui.none_found")}</Base.Empty>
            <Base.List>{(item: Item<Value>) => <Line key={item.value} item={item} />}</Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

interface MultiProps<Value extends string | number> extends Omit<ComboboxProps<Value>, "value" | "onChange"> {
  value: readonly Value[];
  onChange: (value: Value[]) => void;
  /** Text of a chip's remove button. */
  removeLabel: (label: string) => string;
}

/** Several of many, shown as chips. */
export function MultiCombobox<Value extends string | number>({ label, hideLabel, items, value, onChange, placeholder, disabled, removeLabel }: MultiProps<Value>) {
  const t = useT();
  const id = useId();
  const chosen = items.filter((item) => value.includes(item.value));
  return (
    <Base.Root multiple onOpenChange={rename(t("ui.dismiss"))} items={items} value={chosen} onValueChange={(next) => onChange((next as Item<Value>[]).map((item) => item.value))} {...(disabled ? { disabled } : {})}>
      <div className="flex w-full flex-col gap-1">
        <label htmlFor={id} className={hideLabel ? "sr-only" : "text-sm font-medium"}>
          {label}
        </label>
        <Base.Chips className="field flex flex-wrap gap-1 p-1 focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent">
          {chosen.map((item) => (
            <Base.Chip key={item.value} className="flex items-center gap-1 rounded-sm bg-press pl-2 text-sm">
              {item.icon}
              {item.label}
              <Base.ChipRemove aria-label={removeLabel(item.label)} className="grid size-6 place-items-center rounded-sm text-muted hover:text-ink">
                <X size={12} aria-hidden />
              </Base.ChipRemove>
            </Base.Chip>
          ))}
          <Base.Input id={id} aria-label={label} className="min-w-16 flex-1 bg-transparent px-1.5 outline-none" placeholder={chosen.length ? "" : placeholder} />
        </Base.Chips>
      </div>
      <Base.Portal render={<section aria-label={label} />}>
        <Base.Positioner sideOffset={4} collisionPadding={8} className="z-50">
          <Base.Popup className={popup}>
            <Base.Empty className="px-2 text-sm text-muted empty:hidden">{t("ui.none_found")}</Base.Empty>
            <Base.List>{(item: Item<Value>) => <Line key={item.value} item={item} />}</Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Line<Value extends string | number>({ item }: { item: Item<Value> }) {
  return (
    <Base.Item value={item} className="choice">
      {item.icon}
      <span className="min-w-0 flex-1 truncate">
        <bdi>{item.label}</bdi>
      </span>
      <Base.ItemIndicator className="text-accent">
        <Check size={14} aria-hidden />
      </Base.ItemIndicator>
    </Base.Item>
  );
}
