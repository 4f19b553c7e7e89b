import { useEffect } from "react";
import { useT } from "../i18n/index.tsx";
import { Button } from "../ui/button.tsx";
import { LeaveGuard } from "./leave-guard.tsx";
import type { Form } from "./use-form.ts";

/** Says that something is not saved yet, offers to save or discard it, and asks before it would be lost. */
export function SaveBar<Values>({ form, always = false, save }: { form: Form<Values>; always?: boolean; save?: string }) {
  const t = useT();
  const { dirty, busy } = form;

  useEffect(() => {
    if (!dirty) return;
    const pressed = (event: KeyboardEvent) => {
      if ((event.key.toLowerCase() !== "s" && event.code !== "KeyS") || !(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
      event.preventDefault();
      form.props.ref.current?.requestSubmit();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [dirty, form.props.ref]);

  return (
    <>
      {form.failure && (
        <p role="alert" className="rounded bg-danger-soft px-3 py-2 text-sm text-danger">
          {form.failure}
        </p>
      )}
      <output className="sr-only">{dirty ? t("form.unsaved") : ""}</output>
      {(dirty || always) && (
        <div className={`flex flex-wrap items-center justify-end gap-2 ${dirty ? "sticky bottom-3 z-10 rounded-md border border-line bg-raised p-2 pl-4 shadow-pop" : ""}`}>
          <span aria-hidden className="mr-auto text-sm text-muted">
            {dirty ? t("form.unsaved") : ""}
          </span>
          {dirty && (
            <Button onClick={form.reset} disabled={busy}>
              {t("form.discard")}
            </Button>
          )}
          <Button type="submit" look="primary" busy={busy}>
            {save ?? t("action.save")}
          </Button>
        </div>
      )}
      <LeaveGuard keep={dirty && !busy} />
    </>
  );
}
