import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { useT } from "../i18n/index.tsx";
import { Button } from "./button.tsx";
import { whenIdle } from "./idle.ts";

const load = () => import("./dialog-frame.tsx");
const Frame = lazy(load);

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons, the primary one last. */
  footer?: ReactNode;
  width?: "sm" | "md" | "lg";
}

/** A modal dialog. What it is made of comes when the browser is idle, or when it first opens. */
export function Dialog(props: DialogProps) {
  const [used, setUsed] = useState(props.open);
  if (props.open && !used) setUsed(true);
  useEffect(() => whenIdle(() => void load()), []);
  return (
    used && (
      <Suspense>
        <Frame {...props} />
      </Suspense>
    )
  );
}

interface ConfirmProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  /** What the confirming button does, in words: "Delete", "Send anyway". */
  confirm: string;
  danger?: boolean;
  busy?: boolean;
  onConfirm: () => void;
}

/** One question before something that cannot be undone. */
export function Confirm({ confirm, danger, busy = false, onConfirm, ...rest }: ConfirmProps) {
  const t = useT();
  return (
    <Dialog
      {...rest}
      width="sm"
      footer={
        <>
          <Button onClick={() => rest.onOpenChange(false)}>{t("action.cancel")}</Button>
          <Button look={danger ? "danger" : "primary"} busy={busy} onClick={onConfirm}>
            {confirm}
          </Button>
        </>
      }
    />
  );
}
