import { Toast as Base } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useMemo, type ReactNode } from "react";
import { isOffline, Problem } from "../api/problem.ts";
import { useLanguage, type T } from "../i18n/index.tsx";
import { IconButton } from "./button.tsx";

/** How long something can be undone. */
export const undoMs = 8_000;

const manager = Base.createToastManager();
const looks: Record<string, string> = { problem: "border-danger" };

/** What is said to people about an error: what happened, and the id to quote. */
export function sentence(t: T, error: unknown): { text: string; id: string } {
  if (isOffline(error)) return { text: t("problem.no_connection"), id: "" };
  if (error instanceof Problem) {
    const id = error.requestId ? t("problem.request_id", { id: error.requestId }) : "";
    return { text: error.message || t("problem.unknown", { code: error.code }), id: error.status >= 500 ? id : "" };
  }
  return { text: t("problem.unknown", { code: error instanceof Error ? error.name : "?" }), id: "" };
}

/** Tells the viewer something in a corner of the screen. */
export function useToast() {
  const { t } = useLanguage();
  return useMemo(
    () => ({
      /** Something worked. */
      say: (text: ReactNode) => manager.add({ title: text, timeout: 4_000 }),
      /** Something worked and can be undone for 8 s. Returns the toast's id. */
      undoable: (text: ReactNode, undo: () => void) => {
        const id: string = manager.add({
          title: text,
          timeout: undoMs,
          actionProps: {
            children: t("action.undo"),
            onClick: () => {
              manager.close(id);
              undo();
            },
          },
        });
        return id;
      },
      /** Something went wrong. */
      problem: (error: unknown) => {
        const { text, id } = sentence(t, error);
        return manager.add({ title: text, description: id, type: "problem", timeout: 10_000, priority: "high" });
      },
      close: (id: string) => manager.close(id),
    }),
    [t],
  );
}

/** Where toasts appear; once, at the root. */
export function Toasts({ children }: { children: ReactNode }) {
  return (
    <Base.Provider toastManager={manager} limit={3}>
      {children}
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
    <Base.Viewport aria-label={t("ui.notifications")} className="fixed bottom-4 left-4 z-50 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2 max-sm:top-15 max-sm:bottom-auto">
      {toasts.map((toast) => (
        <Base.Root
          key={toast.id}
          toast={toast}
          data-toast=""
          className={`rounded-md border border-transparent bg-raised shadow-pop transition-opacity data-[ending-style]:opacity-0 data-[limited]:hidden data-[starting-style]:opacity-0 ${looks[toast.type ?? ""] ?? "border-line"}`}
        >
          <Base.Content className="flex items-center gap-3 py-1.5 pr-1.5 pl-4">
            <div className="min-w-0 flex-1 py-1 text-sm">
              <Base.Title className="text-sm" />
              <Base.Description className="text-xs text-muted empty:hidden" />
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
