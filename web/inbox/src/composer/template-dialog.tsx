import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { templatesQuery, type Template } from "../api/channels.ts";
import { contactQuery } from "../api/desk.ts";
import type { Capabilities, Row } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { sentence } from "../ui/toast.tsx";
import { TemplateForm } from "./template-form.tsx";
import { sendable } from "./template.ts";

interface TemplateDialogProps {
  row: Row;
  capabilities: Capabilities | undefined;
  onClose: () => void;
}

/** Choosing a template, filling it in and sending it (C3.10). */
export default function TemplateDialog({ row, capabilities, onClose }: TemplateDialogProps) {
  const [chosen, setChosen] = useState<Template | null>(null);
  const { data: contact, isPending } = useQuery({ ...contactQuery(row.contact.id), staleTime: 60_000 });
  if (!chosen || isPending) return <Choice row={row} onChoose={setChosen} onClose={onClose} />;
  return <TemplateForm key={chosen.id} row={row} template={chosen} contact={contact} capabilities={capabilities} onBack={() => setChosen(null)} onClose={onClose} />;
}

/** What can be sent, found by typing. */
function Choice({ row, onChoose, onClose }: { row: Row; onChoose: (template: Template) => void; onClose: () => void }) {
  const { t, format } = useLanguage();
  const [query, setQuery] = useState("");
  const { data: all, error, refetch } = useQuery(templatesQuery(row.channel_id));
  const found = sendable(all ?? [], query);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("template.choose")}>
      <div className="flex flex-col gap-3 pb-2">
        <TextField label={t("template.search")} type="search" value={query} onChange={(event) => setQuery(event.target.value)} autoComplete="off" />
        {error ? (
          <p role="alert" className="flex flex-wrap items-center gap-2 text-sm text-danger">
            {sentence(t, error).text}
            <Button size="sm" onClick={() => void refetch()}>
              {t("action.retry")}
            </Button>
          </p>
        ) : !all ? (
          <Skeleton className="h-40" />
        ) : (
          <>
            <output className="sr-only">{t("template.found", { count: found.length })}</output>
            {found.length === 0 && <p className="py-6 text-center text-sm text-muted">{t(query ? "ui.none_found" : "template.none")}</p>}
            <ul className="flex flex-col gap-1">
              {found.map((one) => (
                <li key={one.id}>
                  <button type="button" onClick={() => onChoose(one)} className="flex w-full flex-col gap-1 rounded border border-line px-3 py-2 text-left hover:bg-hover">
                    <span className="flex w-full items-center gap-1.5">
                      <bdi className="min-w-0 flex-1 truncate text-sm font-medium">{one.name}</bdi>
                      <Badge>{t(`template.category.${category(one)}`)}</Badge>
                      <Badge>{format.language(one.language.replace("_", "-"))}</Badge>
                    </span>
                    <span className="line-clamp-2 text-xs whitespace-pre-wrap text-muted">{one.text}</span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Dialog>
  );
}

const category = ({ category: word }: Template) => (["marketing", "utility", "authentication"] as const).find((one) => one === word) ?? "other";
