import { useT } from "../i18n/index.tsx";
import { Confirm } from "../ui/dialog.tsx";

/** Asks before unsaved changes are lost. */
export default function LeaveQuestion({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) {
  const t = useT();
  return <Confirm open onOpenChange={(open) => !open && onStay()} title={t("form.leave.title")} description={t("form.leave.body")} confirm={t("form.leave.confirm")} danger onConfirm={onLeave} />;
}
