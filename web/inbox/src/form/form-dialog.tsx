import { useId, useState, type ReactNode } from "react";
import { LeaveGuard } from "./leave-guard.tsx";
import type { Form } from "./use-form.ts";
import { useT } from "../i18n/index.tsx";
import { Button } from "../ui/button.tsx";
import { Confirm, Dialog } from "../ui/dialog.tsx";

interface FormDialogProps<Values> {
  form: Form<Values>;
  title: string;
  description?: ReactNode;
  /** What the submitting button does, in a word. */
  submit: string;
  /** Whether it does something people would regret. */
  danger?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A short form in a dialog. What was written is not lost by a slip: only "cancel" throws it away unasked. */
export function FormDialog<Values>({ form, title, description, submit, danger, onClose, children }: FormDialogProps<Values>) {
  const t = useT();
  const id = useId();
  const [asking, setAsking] = useState(false);
  const keep = form.dirty && !form.busy;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && (keep ? setAsking(true) : onClose())}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button type="submit" form={id} look={danger ? "danger" : "primary"} busy={form.busy}>
            {submit}
          </Button>
        </>
      }
    >
      <form id={id} {...form.props} className="flex flex-col gap-4 pb-1">
        {children}
        {form.failure && (
          <p role="alert" className="text-sm text-danger">
            {form.failure}
          </p>
        )}
      </form>
      <LeaveGuard keep={keep} />
      <Confirm open={asking} onOpenChange={setAsking} title={t("form.close.title")} description={t("form.close.body")} confirm={t("form.close.confirm")} danger onConfirm={onClose} />
    </Dialog>
  );
}
