import { useState } from "react";
import { deleteMessage } from "../api/contacts.ts";
import type { Message } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";
import { useLive } from "../live/context.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { useToast } from "../ui/toast.tsx";

/** Asks before a message's words and files go; its place stays. */
export function DeleteQuestion({ message, onDone }: { message: Message; onDone: () => void }) {
  const t = useT();
  const { desk } = useLive();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    try {
      desk.threads.put(await deleteMessage(message.id));
      onDone();
    } catch (error) {
      toast.problem(error);
    }
    setBusy(false);
  };
  return <Confirm open onOpenChange={(open) => !open && onDone()} title={t("message.delete_question")} description={t("message.delete_hint")} confirm={t("message.delete")} danger busy={busy} onConfirm={() => void go()} />;
}
