import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Trash2 } from "lucide-react";
import { useRef, useState, type FormEvent } from "react";
import { addContactNote, changeContactNote, contactNotesQuery, removeContactNote } from "../api/desk.ts";
import { usePermission, useSession } from "../api/session.ts";
import type { ContactNote, Id } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { Time } from "../i18n/time.tsx";
import { useMember } from "../inbox/directory.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { Textarea } from "../ui/field.tsx";
import { useToast } from "../ui/toast.tsx";
import { useUnsentNote } from "./use-unsent-note.ts";

/** What the team wrote about the contact; customers never see it. One contact's: another one needs another. */
export function Notes({ contact }: { contact: Id }) {
  const { t } = useLanguage();
  const may = usePermission("conversation.reply");
  const toast = useToast();
  const queries = useQueryClient();
  const { data } = useQuery(contactNotesQuery(contact));
  const [text, setText] = useUnsentNote(contact);
  const box = useRef<HTMLDivElement>(null);
  const fresh = () => queries.invalidateQueries({ queryKey: contactNotesQuery(contact).queryKey });
  const add = useMutation({
    mutationFn: (body: string) => addContactNote(contact, body),
    onSuccess: () => {
      setText("");
      return fresh();
    },
    onError: (error) => void toast.problem(error),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) add.mutate(text.trim());
  };
  return (
    <div ref={box} className="flex flex-col gap-3 p-4">
      {may && (
        <form onSubmit={submit} className="flex flex-col items-end gap-2">
          <Textarea label={t("customer.new_note")} hideLabel placeholder={t("customer.new_note")} value={text} onChange={(event) => setText(event.target.value)} />
          <Button type="submit" size="sm" busy={add.isPending} disabled={!text.trim()}>
            {t("customer.add_note")}
          </Button>
        </form>
      )}
      {data?.length === 0 && <p className="text-sm text-muted">{t("customer.no_notes")}</p>}
      <ul className="flex flex-col gap-2">
        {data?.map((note) => (
          <Note key={note.id} note={note} onChanged={fresh} onGone={() => box.current?.closest<HTMLElement>("[role=tabpanel]")?.focus()} />
        ))}
      </ul>
    </div>
  );
}

function Note({ note, onChanged, onGone }: { note: ContactNote; onChanged: () => Promise<void>; onGone: () => void }) {
  const { t } = useLanguage();
  const toast = useToast();
  const { user } = useSession();
  const author = useMember(note.author_id);
  const [editing, setEditing] = useState<string | null>(null);
  const [deleting, setDeleting] = useState(false);
  const act = async (work: Promise<unknown>) => {
    try {
      await work;
      setEditing(null);
      await onChanged();
    } catch (error) {
      toast.problem(error);
    }
  };
  return (
    <li className="rounded border border-note-line bg-note px-3 py-2">
      <Confirm
        open={deleting}
        onOpenChange={setDeleting}
        title={t("customer.delete_note_question")}
        description={t("customer.delete_note_hint")}
        confirm={t("customer.delete_note")}
        danger
        onConfirm={() => {
          setDeleting(false);
          void act(removeContactNote(note.id)).then(onGone);
        }}
      >
        <p dir="auto" className="line-clamp-4 border-l-2 border-note-line pl-3 text-sm whitespace-pre-wrap">
          {note.body}
        </p>
      </Confirm>
      <p className="mb-1 flex items-center gap-1 text-xs text-note-ink">
        <bdi className="font-medium">{author?.name}</bdi>
        <Time at={note.created_at} form="moment" />
        <span className="flex-1" />
        {note.author_id === user.id && editing === null && (
          <>
            <IconButton size="sm" label={t("customer.edit_note")} onClick={() => setEditing(note.body)}>
              <Pencil size={13} aria-hidden />
            </IconButton>
            <IconButton size="sm" label={t("customer.delete_note")} onClick={() => setDeleting(true)}>
              <Trash2 size={13} aria-hidden />
            </IconButton>
          </>
        )}
      </p>
      {editing === null ? (
        <p dir="auto" className="text-sm whitespace-pre-wrap">
          {note.body}
        </p>
      ) : (
        <div className="flex flex-col gap-2">
          <Textarea label={t("customer.edit_note")} hideLabel value={editing} onChange={(event) => setEditing(event.target.value)} />
          <span className="flex justify-end gap-2">
            <Button size="sm" onClick={() => setEditing(null)}>
              {t("action.cancel")}
            </Button>
            <Button size="sm" look="primary" disabled={!editing.trim()} onClick={() => void act(changeContactNote(note.id, editing.trim()))}>
              {t("action.save")}
            </Button>
          </span>
        </div>
      )}
    </li>
  );
}
