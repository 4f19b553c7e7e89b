import { UsersRound } from "lucide-react";
import { useState, type KeyboardEvent } from "react";
import { transferTargets } from "../actions/index.ts";
import { composing } from "../actions/keys.ts";
import { useT } from "../i18n/index.tsx";
import { Avatar } from "../ui/avatar.tsx";
import { Button } from "../ui/button.tsx";
import { Combobox } from "../ui/combobox.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Textarea } from "../ui/field.tsx";
import { useInbox } from "./context.tsx";

/** Asks who takes the case over and what they should know. It stays open until the server took it: no note is lost. */
export default function TransferWithNote({ onClose }: { onClose: () => void }) {
  const t = useT();
  const { actions } = useInbox();
  const [row] = useState(actions.row); // the selection moves on while this is being sent
  const [targets] = useState(() => transferTargets(actions));
  const [chosen, setChosen] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const target = targets.find(({ id }) => id === chosen);

  const done = async () => {
    if (!row || !target || busy) return;
    setBusy(true);
    const taken = await actions.work.transfer(row, target.to, note.trim());
    if (taken) onClose();
    else setBusy(false);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || composing(event.nativeEvent)) return;
    event.preventDefault();
    void done();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("do.transfer")}
      width="sm"
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button look="primary" disabled={!target} busy={busy} onClick={() => void done()}>
            {t("do.transfer")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Combobox
          label={t("transfer.to")}
          placeholder={t("transfer.choose")}
          value={chosen}
          onChange={setChosen}
          items={targets.map(({ id, label, member }) => ({
            value: id,
            label,
            icon: member ? <Avatar name={member.name} id={member.user_id} url={member.avatar_url} size={20} availability={member.availability} /> : <UsersRound size={16} aria-hidden className="text-muted" />,
          }))}
        />
        <Textarea label={t("transfer.note")} hint={t("transfer.note_hint")} value={note} maxLength={10_000} onChange={(event) => setNote(event.target.value)} onKeyDown={key} />
      </div>
    </Dialog>
  );
}
