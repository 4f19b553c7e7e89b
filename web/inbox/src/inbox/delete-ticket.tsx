import { useState } from "react";
import { deleteTicket } from "../api/contacts.ts";
import { useT } from "../i18n/index.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { useToast } from "../ui/toast.tsx";
import { useInbox } from "./context.tsx";

/** Asks before a case goes with everything said in it. */
export default function DeleteTicket({ onClose }: { onClose: () => void }) {
  const t = useT();
  const toast = useToast();
  const { row } = useInbox().actions;
  const [busy, setBusy] = useState(false);
  if (!row) return null;
  const { id, number } = row.ticket;
  const go = async () => {
    setBusy(true);
    try {
      await deleteTicket(id);
      toast.say(t("ticket.deleted", { number }));
      onClose();
    } catch (error) {
      toast.problem(error);
      setBusy(false);
    }
  };
  return <Confirm open onOpenChange={(open) => !open && onClose()} title={t("ticket.delete_question", { number })} description={t("ticket.delete_hint")} confirm={t("do.delete_ticket")} danger busy={busy} onConfirm={() => void go()} />;
}
