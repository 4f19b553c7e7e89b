import { lazy, Suspense, useEffect, useMemo, useState, type ReactNode } from "react";
import { isOffline, Problem } from "../api/problem.ts";
import { useLanguage, type T } from "../i18n/index.tsx";
import { whenIdle } from "./idle.ts";
import { Kbd } from "./kbd.tsx";
import type { ToastManager } from "./toast-corner.tsx";

/** How long something can be undone. */
export const undoMs = 8_000;

// The corner's code comes when the browser is idle; what is said before waits for it.
const Corner = lazy(() => import("./toast-corner.tsx"));
let ready: (manager: ToastManager) => void = () => {};
const corner = new Promise<ToastManager>((resolve) => {
  ready = resolve;
});

/** Shows a toast that is neither of {@link useToast}'s. */
export function add(toast: Parameters<ToastManager["add"]>[0]): string {
  const id = crypto.randomUUID();
  void corner.then((manager) => manager.add({ ...toast, id }));
  return id;
}

let undoHint = "";
/** Says which key undoes, so that toasts show it; "" if none does. */
export const hintUndo = (key: string) => void (undoHint = key);

const close = (id: string) => void corner.then((manager) => manager.close(id));

/** What can still be undone, latest last. */
let undos: { id: string; run: () => void; until: number }[] = [];

/** Undoes what was done last, if that is not too long ago. Gives whether there was anything. */
export function undoLast(now = Date.now()): boolean {
  const last = undos.findLast(({ until }) => until > now);
  last?.run();
  return last !== undefined;
}

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
      say: (text: ReactNode) => add({ title: text, timeout: 4_000 }),
      /** Something worked and can be undone for 8 s. Returns the toast's id. */
      undoable: (text: ReactNode, undo: () => void) => {
        const run = () => {
          undos = undos.filter((one) => one.id !== id);
          close(id);
          undo();
        };
        const id: string = add({ title: text, timeout: undoMs, actionProps: { children: <Undo text={t("action.undo")} hint={undoHint} />, onClick: run } });
        const now = Date.now();
        undos = [...undos.filter(({ until }) => until > now), { id, run, until: now + undoMs }];
        return id;
      },
      /** Something went wrong. */
      problem: (error: unknown) => {
        const { text, id } = sentence(t, error);
        return add({ title: text, description: id, type: "problem", timeout: 10_000, priority: "high" });
      },
      close,
    }),
    [t],
  );
}

function Undo({ text, hint }: { text: string; hint: string }) {
  return (
    <>
      {text}
      {hint && (
        <span aria-hidden className="ml-1.5 pointer-coarse:hidden">
          <Kbd>{hint}</Kbd>
        </span>
      )}
    </>
  );
}

/** Where toasts appear; once, at the root. */
export function Toasts({ children }: { children: ReactNode }) {
  const [wanted, setWanted] = useState(false);
  useEffect(() => whenIdle(() => setWanted(true)), []);
  return (
    <>
      {children}
      {wanted && (
        <Suspense>
          <Corner onReady={ready} />
        </Suspense>
      )}
    </>
  );
}
