import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { deleteContact, deletionQuery } from "../api/contacts.ts";
import type { Id } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { Notice } from "../ui/notice.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { useToast } from "../ui/toast.tsx";

/** Asks before a person goes with everything said, and says what goes. */
export function DeleteContact({ contact, name, onClose, onDeleted }: { contact: Id; name: string; onClose: () => void; onDeleted: () => void }) {
  const t = useT();
  const toast = useToast();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const { data: going } = useQuery(deletionQuery(contact));
  const go = async () => {
    if (!going) return;
    setBusy(true);
    try {
      await deleteContact(contact, going.open_tickets > 0);
      onDeleted();
      queries.removeQueries({ queryKey: ["contact", contact] });
      void queries.invalidateQueries({ queryKey: ["contacts"] });
      toast.say(t("contacts.deleted", { name }));
    } catch (error) {
      toast.problem(error);
      setBusy(false);
    }
  };
  return (
    <Confirm open onOpenChange={(open) => !open && onClose()} title={t("contacts.delete_question", { name })} description={t("contacts.delete_hint")} confirm={t("contacts.delete_do")} danger busy={busy || !going} onConfirm={() => void go()}>
      {going ? (
        <div className="flex flex-col gap-3 text-sm">
          <ul className="list-disc pl-5">
            <li>{t("contacts.goes.conversations", { count: going.conversations })}</li>
            <li>{t("contacts.goes.tickets", { count: going.tickets })}</li>
            <li>{t("contacts.goes.messages", { count: going.messages })}</li>
            <li>{t("contacts.goes.notes", { count: going.notes })}</li>
          </ul>
          {going.open_tickets > 0 && <Notice look="warn">{t("contacts.goes.open", { count: going.open_tickets })}</Notice>}
        </div>
      ) : (
        <Spinner />
      )}
    </Confirm>
  );
}
