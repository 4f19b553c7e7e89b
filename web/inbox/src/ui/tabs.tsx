import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";

/** Panels of which one is shown. */
export function Tabs<Value extends string>(props: { label: string; value: Value; onChange: (value: Value) => void; tabs: readonly { value: Value; label: ReactNode; panel: ReactNode }[] }) {
  return (
    <Base.Root value={props.value} onValueChange={(value: Value) => props.onChange(value)} className="flex min-h-0 flex-1 flex-col">
      <Base.List aria-label={props.label} activateOnFocus className="relative flex shrink-0 gap-1 overflow-x-auto overflow-y-hidden border-b border-line px-3 [scrollbar-width:none]">
        {props.tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="min-h-9 shrink-0 px-2 text-sm whitespace-nowrap text-muted -outline-offset-2 hover:text-ink data-[active]:font-medium data-[active]:text-ink"
          >
            {tab.label}
          </Base.Tab>
        ))}
        <Base.Indicator className="absolute bottom-[-1px] left-0 h-0.5 w-(--active-tab-width) translate-x-(--active-tab-left) bg-accent transition-all duration-100" />
      </Base.List>
      {props.tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value} className="min-h-0 flex-1 overflow-y-auto -outline-offset-2">
          {tab.panel}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
