import { useQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Pencil, Plus, RotateCcw, TextCursorInput, Trash2 } from "lucide-react";
import { useState } from "react";
import { fieldsQuery } from "../../api/contacts.ts";
import type { Field } from "../../api/types.ts";
import { labelIn } from "../../customer/custom-field.tsx";
import { useLanguage } from "../../i18n/index.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { EmptyState } from "../../ui/empty.tsx";
import { eraseField, orderFields, restoreField, retireField } from "../api.ts";
import { Group, Lines, Section, useMay } from "../section.tsx";
import { useChange } from "../use-change.ts";
import { FieldForm } from "./field-form.tsx";

const subjects = ["contact", "ticket"] as const;

/** The workspace's own fields of contacts and tickets. */
export function FieldsPage() {
  const { t } = useLanguage();
  const may = useMay("fields");
  const { data: fields } = useQuery(fieldsQuery);
  const [edited, setEdited] = useState<Field | Field["subject"] | null>(null);
  return (
    <Section id="fields">
      {subjects.map((subject) => {
        const mine = (fields ?? []).filter((field) => field.subject === subject);
        return (
          <Group
            key={subject}
            title={t(`fields.of.${subject}`)}
            hint={t(`fields.of_hint.${subject}`)}
            actions={
              may && (
                <Button onClick={() => setEdited(subject)} aria-label={t(`fields.add.${subject}`)}>
                  <Plus size={15} aria-hidden /> {t("fields.add")}
                </Button>
              )
            }
          >
            <Fields subject={subject} fields={mine} may={may} onEdit={setEdited} />
          </Group>
        );
      })}
      {edited && <FieldForm field={typeof edited === "string" ? null : edited} subject={typeof edited === "string" ? edited : edited.subject} onClose={() => setEdited(null)} />}
    </Section>
  );
}

function Fields({ subject, fields, may, onEdit }: { subject: Field["subject"]; fields: readonly Field[]; may: boolean; onEdit: (field: Field) => void }) {
  const { t, locale } = useLanguage();
  const [leaving, setLeaving] = useState<Field | null>(null);
  const [erasing, setErasing] = useState<Field | null>(null);
  const { queryKey } = fieldsQuery;
  const retire = useChange(queryKey, (field: Field) => retireField(field.id), () => setLeaving(null));
  const restore = useChange(queryKey, (field: Field) => restoreField(field.id));
  const erase = useChange(queryKey, (field: Field) => eraseField(field.id), () => setErasing(null));
  const order = useChange(queryKey, (ids: number[]) => orderFields(subject, ids));
  const used = fields.filter((field) => !field.retired_at);
  const retired = fields.filter((field) => field.retired_at);
  const move = (at: number, by: 1 | -1) => {
    const ids = used.map(({ id }) => id);
    const [one] = ids.splice(at, 1);
    if (one !== undefined) ids.splice(at + by, 0, one);
    order.mutate(ids);
  };
  if (fields.length === 0)
    return (
      <EmptyState icon={<TextCursorInput size={28} aria-hidden />} title={t("fields.none")}>
        {t(`fields.none_hint.${subject}`)}
      </EmptyState>
    );
  return (
    <>
      {used.length > 0 && (
        <Lines label={t(`fields.of.${subject}`)}>
          {used.map((field, at) => {
            const name = labelIn(field.label, locale);
            return (
              <li key={field.id} className="flex min-h-12 flex-wrap items-center gap-x-3 py-1 pr-2 pl-4">
                <div className="min-w-0 flex-1 basis-40">
                  <p className="flex items-center gap-2">
                    <bdi className="truncate font-medium">{name}</bdi>
                    {field.required && <Badge look="soft">{t("ui.required")}</Badge>}
                  </p>
                  <p className="truncate text-xs text-muted">
                    {t(`fields.kind.${field.kind}`)} · <code>{field.key}</code>
                  </p>
                </div>
                {may && (
                  <span className="flex">
                    <IconButton label={t("fields.up", { name })} disabled={at === 0 || order.isPending} onClick={() => move(at, -1)}>
                      <ArrowUp size={15} aria-hidden />
                    </IconButton>
                    <IconButton label={t("fields.down", { name })} disabled={at === used.length - 1 || order.isPending} onClick={() => move(at, 1)}>
                      <ArrowDown size={15} aria-hidden />
                    </IconButton>
                    <IconButton label={t("settings.edit_named", { name })} onClick={() => onEdit(field)}>
                      <Pencil size={15} aria-hidden />
                    </IconButton>
                    <IconButton label={t("settings.delete_named", { name })} onClick={() => setLeaving(field)}>
                      <Trash2 size={15} aria-hidden />
                    </IconButton>
                  </span>
                )}
              </li>
            );
          })}
        </Lines>
      )}
      {retired.length > 0 && (
        <div className="flex flex-col gap-2">
          <h3 className="text-sm font-medium text-muted">{t("fields.retired")}</h3>
          <Lines label={t("fields.retired")}>
            {retired.map((field) => {
              const name = labelIn(field.label, locale);
              return (
                <li key={field.id} className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 py-1.5 pr-2 pl-4">
                  <bdi className="min-w-0 flex-1 basis-32 truncate text-muted">{name}</bdi>
                  {may && (
                    <>
                      <Button size="sm" onClick={() => restore.mutate(field)} aria-label={t("fields.restore_named", { name })}>
                        <RotateCcw size={13} aria-hidden /> {t("fields.restore")}
                      </Button>
                      <Button size="sm" onClick={() => setErasing(field)} aria-label={t("fields.erase_named", { name })}>
                        {t("fields.erase")}
                      </Button>
                    </>
                  )}
                </li>
              );
            })}
          </Lines>
        </div>
      )}
      <Confirm
        open={leaving !== null}
        onOpenChange={(open) => !open && setLeaving(null)}
        title={t("settings.delete_question", { name: leaving ? labelIn(leaving.label, locale) : "" })}
        description={t("fields.delete_hint")}
        confirm={t("action.delete")}
        danger
        busy={retire.isPending}
        onConfirm={() => leaving && retire.mutate(leaving)}
      />
      <Confirm
        open={erasing !== null}
        onOpenChange={(open) => !open && setErasing(null)}
        title={t("fields.erase_question", { name: erasing ? labelIn(erasing.label, locale) : "" })}
        description={t("fields.erase_hint")}
        confirm={t("fields.erase")}
        danger
        busy={erase.isPending}
        onConfirm={() => erasing && erase.mutate(erasing)}
      />
    </>
  );
}
