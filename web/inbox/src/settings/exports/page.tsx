import { useQuery } from "@tanstack/react-query";
import { Download, FileDown, X } from "lucide-react";
import { useState } from "react";
import { address } from "../../api/request.ts";
import { useSession } from "../../api/session.ts";
import type { Export } from "../../api/types.ts";
import { useForm } from "../../form/use-form.ts";
import { dayStart } from "../../i18n/days.ts";
import { useLanguage, type Key } from "../../i18n/index.tsx";
import { useNow } from "../../i18n/now.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty.tsx";
import { TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { Switch } from "../../ui/switch.tsx";
import { addExport, cancelExport, exportsQuery } from "../api.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { Lines, Section, useMay } from "../section.tsx";
import { useChange, useReread } from "../use-change.ts";

/** The member's exports: made in the background, kept for a day. */
export function ExportsPage() {
  const { t } = useLanguage();
  const may = useMay("exports");
  const { data: exports } = useQuery({ ...exportsQuery, enabled: may });
  const [asking, setAsking] = useState(false);
  const add = (
    <Button look="primary" onClick={() => setAsking(true)}>
      <FileDown size={15} aria-hidden /> {t("exports.add")}
    </Button>
  );
  return (
    <Section id="exports" actions={exports?.length ? add : null}>
      {exports?.length === 0 && (
        <EmptyState icon={<Download size={28} aria-hidden />} title={t("exports.none")} actions={add}>
          {t("exports.none_hint")}
        </EmptyState>
      )}
      {exports && exports.length > 0 && (
        <Lines label={t("settings.exports.title")}>
          {exports.map((one) => (
            <Line key={one.id} file={one} />
          ))}
        </Lines>
      )}
      {asking && <Ask onClose={() => setAsking(false)} />}
    </Section>
  );
}

function Line({ file }: { file: Export }) {
  const { t, format } = useLanguage();
  const now = useNow();
  const stop = useChange(exportsQuery.queryKey, () => cancelExport(file.id));
  const going = file.state === "queued" || file.state === "running";
  const title = `${t(`exports.kind.${file.kind}`)} · ${t(`exports.format.${file.format}`)}`;
  const facts = [
    format.moment(new Date(file.created_at), now),
    file.notes ? t("exports.with_notes") : "",
    file.state === "done" ? `${format.bytes(file.size)} · ${t("exports.until", { at: format.moment(new Date(file.expires_at ?? file.created_at), now) })}` : "",
    file.state === "failed" ? t("exports.failed") : "",
    file.state === "cancelled" || file.state === "expired" ? t(`exports.state.${file.state}`) : "",
  ];
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2.5 pr-2 pl-4">
      <div className="min-w-0 flex-1 basis-56">
        <p className="truncate font-medium">{title}</p>
        <p className={`text-xs ${file.state === "failed" ? "text-danger" : "text-muted"}`}>{facts.filter(Boolean).join(" · ")}</p>
        {going && (
          <div className="mt-1.5 flex items-center gap-2 text-xs text-muted">
            <progress className="h-1.5 flex-1 accent-accent" aria-label={t("exports.progress", { title })} {...(file.total > 0 ? { value: Math.min(file.done, file.total), max: file.total } : {})} />
            <span className="tabular-nums">{file.total > 0 ? `${format.number(file.done)} / ${format.number(file.total)}` : t("exports.state.queued")}</span>
          </div>
        )}
      </div>
      {going && (
        <IconButton label={t("exports.cancel", { title })} onClick={() => stop.mutate(undefined)}>
          <X size={15} aria-hidden />
        </IconButton>
      )}
      {file.state === "done" && (
        <a href={address(`/exports/${file.id}/file`)} download={file.name} className="inline-flex pressed items-center gap-1.5 rounded border border-strong-line px-3 text-sm text-ink hover:bg-hover hover:no-underline">
          <Download size={15} aria-hidden /> {t("exports.download")}
        </a>
      )}
    </li>
  );
}

interface Values {
  kind: Export["kind"];
  format: Export["format"];
  bom: boolean;
  notes: boolean;
  since: string;
  until: string;
}

function Ask({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage();
  const { zone } = useSession().user;
  const reread = useReread(exportsQuery.queryKey);
  const form = useForm<Values>({
    initial: { kind: "contacts", format: "csv", bom: true, notes: false, since: "", until: "" },
    check: ({ since, until }) => ({ until: since && until && until < since ? t("exports.until_check") : "" }),
    blame: { period_invalid: "until" },
    save: async ({ kind, format, bom, notes, since, until }) => {
      const [from, to] = [dayStart(since, zone), dayStart(until, zone, 1)];
      await addExport({ kind, format, bom: bom && format === "csv", notes: notes && kind === "conversations", ...(from ? { since: from } : {}), ...(to ? { until: to } : {}) });
      await reread();
      onClose();
    },
  });
  const { values } = form;
  const options = <Value extends string>(name: string, all: readonly Value[]) => all.map((value) => ({ value, label: t(`exports.${name}.${value}` as Key) }));
  return (
    <FormDialog form={form} title={t("exports.add")} description={t("exports.add_hint")} submit={t("exports.start")} onClose={onClose}>
      <Segmented label={t("exports.what")} value={values.kind} onChange={(kind) => form.set({ kind })} options={options("kind", ["contacts", "conversations"] as const)} className="self-start" />
      <Segmented label={t("exports.as")} value={values.format} onChange={(format) => form.set({ format })} options={options("format", ["csv", "jsonl"] as const)} className="self-start" />
      {values.format === "csv" && <Switch label={t("exports.bom")} hint={t("exports.bom_hint")} checked={values.bom} onChange={(bom) => form.set({ bom })} />}
      {values.kind === "conversations" && <Switch label={t("exports.notes")} hint={t("exports.notes_hint")} checked={values.notes} onChange={(notes) => form.set({ notes })} />}
      <div className="grid grid-cols-2 gap-3">
        <TextField {...form.text("since")} type="date" label={t("exports.since")} />
        <TextField {...form.text("until")} type="date" label={t("exports.until_day")} />
      </div>
      <Notice>{t("exports.privacy")}</Notice>
    </FormDialog>
  );
}
