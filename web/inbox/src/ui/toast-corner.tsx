import { Toast as Base } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useEffect } from "react";
import { useLanguage } from "../i18n/index.tsx";
import { IconButton } from "./button.tsx";

const manager = Base.createToastManager();
const looks: Record<string, string> = { problem: "border-danger" };

export type ToastManager = typeof manager;

/** Where toasts appear. Says when it is ready to take them. */
export default function ToastCorner({ onReady }: { onReady: (manager: ToastManager) => void }) {
  useEffect(() => onReady(manager), [onReady]);
  return (
    <Base.Provider toastManager={manager} limit={3}>
      <Base.Portal>
        <Corner />
      </Base.Portal>
    </Base.Provider>
  );
}

function Corner() {
  const { t } = useLanguage();
  const { toasts } = Base.useToastManager();
  return (
    <Base.Viewport aria-label={t("ui.notifications")} className="toasts fixed bottom-4 left-4 z-50 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2">
      {toasts.map((toast) => (
        <Base.Root
          key={toast.id}
          toast={toast}
          data-toast=""
          aria-hidden={false} // urgent ones would be hidden from whom their buttons are there for
          className={`rounded-md border border-transparent bg-raised shadow-pop transition-opacity data-[ending-style]:opacity-0 data-[limited]:hidden data-[starting-style]:opacity-0 ${looks[toast.type ?? ""] ?? "border-line"}`}
        >
          <Base.Content className="flex items-center gap-3 py-1.5 pr-1.5 pl-4">
            <div className="min-w-0 flex-1 py-1 text-sm">
              <Base.Title className="text-sm text-pretty" />
              <Base.Description className="text-xs text-pretty text-muted empty:hidden" />
            </div>
            <Base.Action className="min-h-7 shrink-0 rounded px-2 text-sm font-medium text-accent hover:bg-hover" />
            <Base.Close
              aria-hidden={false}
              render={
                <IconButton label={t("action.dismiss")} size="sm" side="top">
                  <X size={14} aria-hidden />
                </IconButton>
              }
            />
          </Base.Content>
        </Base.Root>
      ))}
    </Base.Viewport>
  );
}
