import { Trash2 } from "lucide-react";
import { useState } from "react";
import { deleteMessage } from "../api/contacts.ts";
import type { Message } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";
import { useLive } from "../live/context.tsx";
import { IconButton } from "../ui/button.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { useToast } from "../ui/toast.tsx";

/** Beside a message, for who may: its words and files go, its place stays. */
export function DeleteMessage({ message }: { message: Message }) {
  const t = useT();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <IconButton size="sm" label={t("message.delete")} className="self-center opacity-0 group-hover/message:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100" onClick={() => setAsking(true)}>
        <Trash2 size={13} aria-hidden />
      </IconButton>
      {asking && <DeleteQuestion message={message} onDone={() => setAsking(false)} />}
    </>
  );
}

/** Asks before it deletes. */
export function DeleteQuestion({ message, onDone }: { message: Message; onDone: () => void }) {
  const t = useT();
  const { desk } = useLive();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    try {
      desk.putMessage(await deleteMessage(message.id));
      onDone();
    } catch (error) {
      toast.problem(error);
    }
    setBusy(false);
  };
  return <Confirm open onOpenChange={(open) => !open && onDone()} title={t("message.delete_question")} description={t("message.delete_hint")} confirm={t("message.delete")} danger busy={busy} onConfirm={() => void go()} />;
}
