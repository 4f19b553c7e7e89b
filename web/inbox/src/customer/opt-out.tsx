import { BellOff, BellRing } from "lucide-react";
import { useState } from "react";
import { optIn, optOut } from "../api/contacts.ts";
import { usePermission } from "../api/session.ts";
import type { Row } from "../api/types.ts";
import { FormDialog } from "../form/form-dialog.tsx";
import { useForm } from "../form/use-form.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useSpecs } from "../inbox/directory.tsx";
import { useLive } from "../live/context.tsx";
import { IconButton } from "../ui/button.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { Textarea } from "../ui/field.tsx";
import { useToast } from "../ui/toast.tsx";

/** Writes down an opt-out that was said elsewhere, and takes back what a member wrote down by mistake (B3.6), or a wrong stop of mails. */
export function OptOut({ row, name }: { row: Row; name: string }) {
  const { t } = useLanguage();
  const may = usePermission("conversation.reply");
  const spec = useSpecs().find(({ kind }) => kind === row.channel_kind);
  const { desk } = useLive();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  if (!may) return null;
  if (row.standing?.mail_stopped_at)
    return (
      <>
        <IconButton size="sm" label={t("customer.mails_resume", { name })} onClick={() => setAsking(true)}>
          <BellRing size={14} aria-hidden />
        </IconButton>
        {asking && <OptInDialog row={row} question={t("customer.mails_resume_question", { name })} hint={t("customer.mails_resume_hint")} onClose={() => setAsking(false)} />}
      </>
    );
  if (!spec?.capabilities.opt_out) return null;
  const stop = async () => {
    setAsking(false);
    try {
      desk.putRow(await optOut(row.id));
    } catch (error) {
      toast.problem(error);
    }
  };
  if (!row.standing?.opted_out_at)
    return (
      <>
        <IconButton size="sm" label={t("customer.opt_out", { name })} onClick={() => setAsking(true)}>
          <BellOff size={14} aria-hidden />
        </IconButton>
        <Confirm
          open={asking}
          onOpenChange={setAsking}
          title={t("customer.opt_out_question", { name })}
          description={t("customer.opt_out_hint")}
          confirm={t("customer.opt_out_do")}
          danger
          onConfirm={() => void stop()}
        />
      </>
    );
  if (row.standing.opt_out_by !== "member") return null; // theirs: only they take it back
  return (
    <>
      <IconButton size="sm" label={t("customer.opt_in", { name })} onClick={() => setAsking(true)}>
        <BellRing size={14} aria-hidden />
      </IconButton>
      {asking && <OptInDialog row={row} question={t("customer.opt_in_question", { name })} hint={t("customer.opt_in_hint")} onClose={() => setAsking(false)} />}
    </>
  );
}

/** Asks why the entry was wrong. */
function OptInDialog({ row, question, hint, onClose }: { row: Row; question: string; hint: string; onClose: () => void }) {
  const { t } = useLanguage();
  const { desk } = useLive();
  const form = useForm({
    initial: { reason: "" },
    check: ({ reason }) => ({ reason: reason.trim() ? undefined : t("customer.block_why") }),
    save: async ({ reason }) => {
      desk.putRow(await optIn(row.id, reason.trim()));
      onClose();
    },
  });
  return (
    <FormDialog form={form} title={question} description={hint} submit={t("customer.opt_in_do")} onClose={onClose}>
      <Textarea {...form.text("reason")} label={t("customer.block_reason")} required maxLength={500} rows={2} />
    </FormDialog>
  );
}
