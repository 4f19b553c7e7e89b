import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from "react";
import { reschedule, scheduledQuery } from "../api/later.ts";
import { Problem } from "../api/problem.ts";
import type { Scheduled } from "../api/types.ts";
import { reworded } from "../composer/reworded.ts";
import { unfilled } from "../composer/variables.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useInbox } from "../inbox/context.tsx";
import { Button } from "../ui/button.tsx";
import { Textarea } from "../ui/field.tsx";
import { useToast } from "../ui/toast.tsx";

/** The words of a reply that waits, changed where it stands (G4.10): its files, its time and what is formatted stay. */
export default function Rewording({ one, onClose }: { one: Scheduled; onClose: () => void }) {
  const { t } = useLanguage();
  const { composer } = useInbox();
  const queries = useQueryClient();
  const toast = useToast();
  const before = one.parts.find(({ kind }) => kind === "text") ?? { kind: "text" as const, text: "" };
  const [text, setText] = useState(before.text ?? "");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const select = useCallback((from: number, to: number) => {
    const field = form.current?.querySelector("textarea");
    field?.focus();
    field?.setSelectionRange(from, to);
  }, []);
  const { length } = before.text ?? "";
  useEffect(() => select(length, length), [select, length]);
  const files = one.parts.filter(({ kind }) => kind !== "text");
  const words = text.trim() === "" ? [] : [reworded(before, text)];
  const nothing = words.length + files.length === 0;
  const save = async (event?: FormEvent) => {
    event?.preventDefault();
    if (nothing || busy) return;
    const [gap] = unfilled(text);
    if (gap) {
      setError(t("composer.unfilled", { name: gap.text }));
      return select(gap.at, gap.at + gap.text.length);
    }
    setBusy(true);
    try {
      await reschedule(one, { parts: [...words, ...files] });
      onClose();
    } catch (problem) {
      toast.problem(problem);
      setBusy(false);
      if (problem instanceof Problem && problem.status === 404) composer.restore(one.conversation_id, words, 0, false); // it went out meanwhile: nothing typed is lost
    }
    await queries.invalidateQueries({ queryKey: scheduledQuery(one.conversation_id).queryKey });
  };
  const key = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") onClose();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void save();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <form ref={form} onSubmit={(event) => void save(event)} className="flex w-[min(32rem,70vw)] max-w-full flex-col gap-2">
      <Textarea label={t("later.text")} hideLabel rows={Math.min(8, text.split("\n").length + 1)} value={text} error={error} onKeyDown={key} onChange={(event) => (setError(""), setText(event.target.value))} />
      <span className="flex justify-end gap-2">
        <Button size="sm" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button size="sm" look="primary" type="submit" busy={busy} disabled={nothing}>
          {t("action.save")}
        </Button>
      </span>
    </form>
  );
}
