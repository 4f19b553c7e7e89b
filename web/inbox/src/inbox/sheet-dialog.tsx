import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useT } from "../i18n/index.tsx";
import { BackCloses } from "../ui/back-closes.tsx";
import { IconButton } from "../ui/button.tsx";

export interface SheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  label: string;
  side: "left" | "right";
  children: ReactNode;
}

/** The sheet itself: modal, closed by Esc, by its button or beside it. */
export default function SheetDialog(props: SheetProps) {
  const t = useT();
  const place = props.side === "right" ? "right-0 border-l data-[starting-style]:translate-x-full data-[ending-style]:translate-x-full" : "left-0 border-r data-[starting-style]:-translate-x-full data-[ending-style]:-translate-x-full";
  return (
    <Base.Root open={props.open} onOpenChange={(open) => props.onOpenChange(open)}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-30 bg-shade transition-opacity data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Base.Popup aria-label={props.label} className={`sheet fixed inset-y-0 z-30 flex w-[min(22rem,calc(100vw-2.5rem))] flex-col border-line bg-surface shadow-pop outline-none transition-transform duration-150 ${place}`}>
          <BackCloses close={() => props.onOpenChange(false)} />
          <Base.Close
            render={
              <IconButton label={t("action.close")} className="absolute top-2 right-2 z-10">
                <X size={16} aria-hidden />
              </IconButton>
            }
          />
          {props.children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
