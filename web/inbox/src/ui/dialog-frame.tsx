import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { useT } from "../i18n/index.tsx";
import { BackCloses } from "./back-closes.tsx";
import { IconButton } from "./button.tsx";
import type { DialogProps } from "./dialog.tsx";

const widths = { sm: "max-w-sm", md: "max-w-lg", lg: "max-w-3xl" } as const;

/** The dialog itself: modal; focus moves in and comes back on closing. One over another, or over a sheet, shades that too. */
export default function DialogFrame({ open, onOpenChange, title, description, children, footer, width = "md" }: DialogProps) {
  const t = useT();
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop forceRender className="fixed inset-0 z-40 bg-shade transition-opacity duration-100 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Base.Viewport className="fixed inset-0 z-40 grid place-items-center overflow-y-auto p-4 max-sm:place-items-end max-sm:p-0 max-sm:pt-8">
          <Base.Popup className={`modal popup relative flex max-h-[calc(100dvh-2rem)] w-full flex-col rounded-lg max-sm:max-w-none max-sm:rounded-b-none max-sm:border-x-0 max-sm:border-b-0 max-sm:pb-[env(safe-area-inset-bottom)] ${widths[width]}`}>
            <BackCloses close={() => onOpenChange(false)} />
            <header className="px-5 pt-4 pr-14 pb-2">
              <Base.Title className="text-lg font-semibold text-balance">{title}</Base.Title>
              {description && <Base.Description className="mt-1 text-sm text-muted">{description}</Base.Description>}
            </header>
            {children && <div className="min-h-0 flex-1 scroll-py-3 overflow-y-auto px-5 py-2">{children}</div>}
            {footer ? <footer className="flex flex-wrap justify-end gap-2 px-5 pt-2 pb-4">{footer}</footer> : <div className="h-3 shrink-0" />}
            {/* Last, so that the focus begins at what the dialog is about. */}
            <Base.Close
              render={
                <IconButton label={t("action.close")} className="absolute! top-3 right-3">
                  <X size={16} aria-hidden />
                </IconButton>
              }
            />
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
