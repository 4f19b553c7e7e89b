import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { mergeTicket } from "../api/contacts.ts";
import { contactTicketsQuery } from "../api/desk.ts";
import type { Id, Row } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useNow } from "../i18n/now.ts";
import { channelLabel } from "../list/channel-icon.tsx";
import { Button } from "../ui/button.tsx";
import { Combobox } from "../ui/combobox.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useToast } from "../ui/toast.tsx";
import { useInbox } from "./context.tsx";
import { useKnownChannels } from "./directory.tsx";

/** Asks which of the contact's other cases goes on, and says what becomes of both before it is done. */
export default function MergeTicket({ onClose }: { onClose: () => void }) {
  const { actions } = useInbox();
  const [row] = useState(actions.row); // the selection moves on while this is being sent
  return row ? <Question row={row} onClose={onClose} /> : null;
}

function Question({ row, onClose }: { row: Row; onClose: () => void }) {
  const { t, format } = useLanguage();
  const toast = useToast();
  const cache = useQueryClient();
  const { go } = useInbox();
  const channels = useKnownChannels();
  const nameOf = (of: Id) => {
    const channel = channels.find((one) => one.id === of);
    return channel ? channelLabel(t, channel) : "";
  };
  const cases = contactTicketsQuery(row.contact.id);
  const { data } = useQuery(cases);
  const [chosen, setChosen] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const now = useNow();
  const { id, number } = row.ticket;
  const others = (data ?? []).filter((ticket) => ticket.id !== id && ticket.reason !== "merged");
  const into = others.find((ticket) => String(ticket.id) === chosen);

  const done = async () => {
    if (!into || busy) return;
    setBusy(true);
    try {
      const after = await mergeTicket(id, into.id);
      void cache.invalidateQueries({ queryKey: cases.queryKey });
      toast.say(t("merge.done", { from: number, to: into.number }));
      if (after.id !== row.id) go({ c: String(after.id) });
      onClose();
    } catch (error) {
      toast.problem(error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("merge.title", { number })}
      width="sm"
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button look="primary" disabled={!into} busy={busy} onClick={() => void done()}>
            {t("merge.confirm")}
          </Button>
        </>
      }
    >
      {data && others.length === 0 ? (
        <p className="text-sm text-muted">{t("merge.none")}</p>
      ) : (
        <div className="flex flex-col gap-3">
          <Combobox
            label={t("merge.into")}
            placeholder={t("merge.choose")}
            value={chosen}
            onChange={setChosen}
            items={others.map((ticket) => ({
              value: String(ticket.id),
              label: `#${ticket.number} · ${t(`status.${ticket.status}`)} · ${nameOf(ticket.channel_id)} · ${format.moment(new Date(ticket.created_at), now)}`,
            }))}
          />
          {into && (
            <output className="text-sm text-muted">
              {t("merge.what", { from: number, to: into.number })} {into.conversation_id !== row.id && t("merge.elsewhere")}
            </output>
          )}
        </div>
      )}
    </Dialog>
  );
}
