import { useId, type ReactNode } from "react";
import type { Form } from "./use-form.ts";
import { useT } from "../i18n/index.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";

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

/** A short form in a dialog. */
export function FormDialog<Values>({ form, title, description, submit, danger, onClose, children }: FormDialogProps<Values>) {
  const t = useT();
  const id = useId();
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
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
    </Dialog>
  );
}
