import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { macroPreviewQuery, macrosQuery, runMacro, type Macro } from "../api/macros.ts";
import type { Row } from "../api/types.ts";
import { useRoom, useT } from "../i18n/index.tsx";
import { useInbox } from "../inbox/context.tsx";
import { normalise } from "../palette/match.ts";
import { Button } from "../ui/button.tsx";
import { Combobox } from "../ui/combobox.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useToast } from "../ui/toast.tsx";
import { useActionText } from "./words.ts";

/** Chooses a macro, shows what it will do to this case, and does it: all of it or nothing (E29). */
export default function RunMacro({ onClose }: { onClose: () => void }) {
  const { actions } = useInbox();
  const room = useRoom("macros");
  const [row] = useState(actions.row); // the selection moves on while this is being sent
  return row && room ? <Choice row={row} onClose={onClose} /> : null;
}

function Choice({ row, onClose }: { row: Row; onClose: () => void }) {
  const t = useT();
  const toast = useToast();
  const cache = useQueryClient();
  const { data: macros } = useQuery(macrosQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  const [key] = useState(() => crypto.randomUUID());
  const [busy, setBusy] = useState(false);
  const mine = (macros ?? []).filter((one) => one.for_me).sort((a, b) => b.uses - a.uses || a.name.localeCompare(b.name));
  const macro = mine.find((one) => String(one.id) === chosen);
  const preview = useQuery({ ...macroPreviewQuery(row.id, macro?.id ?? 0), enabled: macro !== undefined });
  const refused = preview.data?.find((step) => step.refused)?.refused;
  const run = async () => {
    if (!macro || busy || refused) return;
    setBusy(true);
    try {
      await runMacro(row.id, macro.id, key);
      void cache.invalidateQueries({ queryKey: macrosQuery.queryKey });
      toast.say(t("macros.done", { name: macro.name }));
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
      title={t("macros.run_title")}
      width="sm"
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button look="primary" disabled={!macro || !preview.data || refused !== undefined} busy={busy} onClick={() => void run()}>
            {t("macros.run")}
          </Button>
        </>
      }
    >
      {macros && mine.length === 0 ? (
        <p className="text-sm text-muted">{t("macros.none_here")}</p>
      ) : (
        <div className="flex flex-col gap-3">
          <Combobox label={t("macros.which")} placeholder={t("macros.choose")} value={chosen} onChange={setChosen} items={mine.map((one) => ({ value: String(one.id), label: named(one) }))} />
          {macro && <Steps steps={preview.data} failed={preview.isError} />}
        </div>
      )}
    </Dialog>
  );
}

/** A macro's name, with its reading where that is another: kana find it by it. */
const named = (one: Macro) => (one.reading && normalise(one.reading) !== normalise(one.name) ? `${one.name} (${one.reading})` : one.name);

function Steps({ steps, failed }: { steps: readonly { action: Macro["actions"] extends (infer A)[] | null ? A : never; text?: string; refused?: { detail: string } }[] | undefined; failed: boolean }) {
  const t = useT();
  const say = useActionText();
  if (failed) return <p className="text-sm text-danger">{t("macros.preview_failed")}</p>;
  return (
    <output className="flex flex-col gap-2 text-sm">
      <span className="text-muted">{steps && t("macros.will")}</span>
      <ol className="flex list-decimal flex-col gap-1 pl-5">
        {steps?.map((step, i) => (
          <li key={i} className={step.refused ? "text-danger" : ""}>
            <bdi className="whitespace-pre-wrap">{say(step.text ? { ...step.action, text: step.text, texts: {} } : step.action)}</bdi>
            {step.text && step.action.kind !== "note" && <span className="block rounded bg-hover px-2 py-1 whitespace-pre-wrap">{step.text}</span>}
            {step.refused && <span className="block">{step.refused.detail}</span>}
          </li>
        ))}
      </ol>
    </output>
  );
}
