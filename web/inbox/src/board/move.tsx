import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { UserRound, UsersRound } from "lucide-react";
import { useState } from "react";
import { editConversations } from "../api/desk.ts";
import type { BulkResult, Row } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useMembers, useTeams } from "../inbox/directory.tsx";
import { contactName } from "../list/row.tsx";
import { Button } from "../ui/button.tsx";
import { Combobox } from "../ui/combobox.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useToast } from "../ui/toast.tsx";
import { fetchMovable, mostMoved, type Source } from "./api.ts";

/** Hands a team's waiting tickets, or an agent's open ones, to another team or agent; what fails is listed (E23). */
export function MoveDialog({ source, onClose }: { source: Source; onClose: () => void }) {
  const { t } = useLanguage();
  const toast = useToast();
  const teams = useTeams();
  const members = useMembers();
  const { data: rows } = useQuery({ queryKey: ["board", "movable", source.kind, source.id], queryFn: () => fetchMovable(source), staleTime: 0 });
  const [to, setTo] = useState<string | null>(null);
  const [key] = useState(() => crypto.randomUUID());
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<readonly BulkResult[]>([]);
  const items = [
    ...teams.filter(({ id }) => source.kind !== "team" || id !== source.id).map(({ id, name }) => ({ value: `team:${id}`, label: name, icon: <UsersRound size={14} aria-hidden /> })),
    ...members
      .filter(({ user_id, answers }) => answers && (source.kind !== "member" || user_id !== source.id))
      .map(({ user_id, name }) => ({ value: `member:${user_id}`, label: name, icon: <UserRound size={14} aria-hidden /> })),
  ];
  const move = async (all: readonly Row[]) => {
    const [kind, id] = (to ?? "").split(":");
    setBusy(true);
    try {
      const edit = kind === "team" ? { team_id: Number(id), assignee_id: 0 } : { assignee_id: Number(id) };
      const results = await editConversations([{ ...edit, conversation_ids: all.map((row) => row.id) }], `${key}.${to}`);
      const lost = results.filter(({ outcome }) => outcome === "failed");
      toast.say(t("board.moved", { count: results.length - lost.length, name: items.find(({ value }) => value === to)?.label ?? "" }));
      if (lost.length === 0) onClose();
      setFailed(lost);
    } catch (error) {
      toast.problem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("board.move_from", { name: source.name })}
      description={t(source.kind === "team" ? "board.move_hint_team" : "board.move_hint_member", { max: mostMoved })}
      width="sm"
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button look="primary" busy={busy} disabled={!to || !rows?.length || failed.length > 0} onClick={() => void move(rows ?? [])}>
            {t("board.move_go", { count: rows?.length ?? 0 })}
          </Button>
        </>
      }
    >
      <Combobox label={t("board.move_to")} placeholder={t("board.move_choose")} items={items} value={to} onChange={setTo} disabled={busy} />
      {failed.length > 0 && <Failures failed={failed} rows={rows ?? []} />}
    </Dialog>
  );
}

function Failures({ failed, rows }: { failed: readonly BulkResult[]; rows: readonly Row[] }) {
  const { t } = useLanguage();
  return (
    <section role="alert" className="mt-3 text-sm">
      <p className="font-medium text-danger">{t("board.move_failed", { count: failed.length })}</p>
      <ul className="mt-1 max-h-48 overflow-y-auto">
        {failed.map(({ conversation_id, problem }) => {
          const row = rows.find(({ id }) => id === conversation_id);
          return (
            <li key={conversation_id} className="py-0.5">
              <Link to="/" search={{ view: "all", c: String(conversation_id) }} className="underline">
                {row ? `#${row.ticket.number} ${contactName(row.contact.name, t)}` : `#${conversation_id}`}
              </Link>{" "}
              <span className="text-muted">{problem?.detail}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
