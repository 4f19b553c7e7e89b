import { useState } from "react";
import { splitTicket } from "../api/contacts.ts";
import type { Message } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";
import { useLive } from "../live/context.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { useToast } from "../ui/toast.tsx";

/** Asks before a message and what follows it in its case become a case of their own. */
export function SplitQuestion({ message, onDone }: { message: Message; onDone: () => void }) {
  const t = useT();
  const { desk } = useLive();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    try {
      const after = await splitTicket(message.ticket_id, message.seq);
      desk.putRow(after);
      toast.say(t("split.done", { number: after.ticket.number }));
      onDone();
    } catch (error) {
      toast.problem(error);
    }
    setBusy(false);
  };
  return <Confirm open onOpenChange={(stays) => !stays && onDone()} title={t("split.title")} description={t("split.what")} confirm={t("split.confirm")} busy={busy} onConfirm={() => void go()} />;
}
