import type { ReactNode } from "react";
import { useT } from "../i18n/index.tsx";
import { Button } from "../ui/button.tsx";
import { CopyText } from "../ui/copy.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Notice } from "../ui/notice.tsx";

/** Shows what can be seen only now: a secret, a link. */
export function OneTime(props: { title: string; label: string; text: string; warning: string; onClose: () => void; children?: ReactNode }) {
  const t = useT();
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && props.onClose()}
      title={props.title}
      footer={
        <Button look="primary" onClick={props.onClose}>
          {t("settings.one_time.done")}
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <Notice look="warn">{props.warning}</Notice>
        <CopyText label={props.label} text={props.text} lines={props.text.length > 60 ? 2 : 1} />
        {props.children}
      </div>
    </Dialog>
  );
}
