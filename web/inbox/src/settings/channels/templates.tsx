import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { usePermission } from "../../api/session.ts";
import type { Channel, Template } from "../../api/types.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { check } from "../../form/person.ts";
import { useForm } from "../../form/use-form.ts";
import { useT, type Key, type T } from "../../i18n/index.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Textarea, TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { useToast } from "../../ui/toast.tsx";
import { addTemplate, kindQuery, removeTemplate, syncTemplates, templatesQuery } from "../api.ts";
import { Group, Lines } from "../section.tsx";
import { useReread } from "../use-change.ts";
import { TemplateSample } from "./template-sample.tsx";
import { emptyTemplate, headerKinds, sampleTypes, templateBody, type TemplateValues, variablesOf } from "./templates.ts";

/** A status of the provider in words; its own word where we have none. */
function statusText(t: T, status: string): string {
  const key = `templates.status.${status}`;
  const text = t(key as Key);
  return text === key ? status : text;
}

/** The message templates of a channel (C3): as the provider has them, submitted and deleted from here. */
export function Templates({ channel }: { channel: Channel }) {
  const t = useT();
  const toast = useToast();
  const queries = useQueryClient();
  const may = usePermission("template.manage");
  const query = templatesQuery(channel.id);
  const { data: templates } = useQuery(query);
  const { data: kind } = useQuery(kindQuery(channel.kind));
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<Template | null>(null);
  const sync = useMutation({
    mutationFn: async () => queries.setQueryData(query.queryKey, await syncTemplates(channel.id)),
    onSuccess: () => toast.say(t("templates.synced")),
    onError: (error) => toast.problem(error),
  });
  const remove = useMutation({
    mutationFn: async (one: Template) => {
      await removeTemplate(channel.id, one.id);
      await queries.invalidateQueries({ queryKey: query.queryKey });
    },
    onSuccess: () => setLeaving(null),
    onError: (error) => toast.problem(error),
  });
  const shown = (templates ?? []).filter(({ status }) => status !== "deleted");
  return (
    <Group
      title={t("templates.title")}
      hint={t("templates.hint")}
      actions={
        may && (
          <>
            <Button busy={sync.isPending} onClick={() => sync.mutate()}>
              <RefreshCw size={15} aria-hidden /> {t("templates.sync")}
            </Button>
            <Button onClick={() => setAdding(true)}>
              <Plus size={15} aria-hidden /> {t("templates.add")}
            </Button>
          </>
        )
      }
    >
      {templates && shown.length === 0 && <p className="text-sm text-muted">{t("templates.none")}</p>}
      {shown.length > 0 && (
        <Lines label={t("templates.title")}>
          {shown.map((one) => (
            <li key={one.id} className="flex min-h-14 items-center gap-3 py-2 pr-2 pl-4">
              <div className="min-w-0 flex-1">
                <p className="flex flex-wrap items-center gap-x-2">
                  <bdi className="truncate font-medium">{one.name}</bdi>
                  <Badge>{one.language}</Badge>
                  <Badge look={one.sendable ? "soft" : "warn"}>{statusText(t, one.status)}</Badge>
                  {one.quality && one.quality !== "UNKNOWN" && <Badge look={one.quality === "RED" ? "danger" : "neutral"}>{t("templates.quality", { quality: kind?.texts[`fact.quality.${one.quality}`] ?? one.quality })}</Badge>}
                </p>
                <p className="truncate text-xs text-muted">
                  <bdi>{one.text}</bdi>
                </p>
                {one.reason && one.reason !== "NONE" && <p className="text-xs text-danger">{statusText(t, `reason.${one.reason.toLowerCase()}`)}</p>}
              </div>
              {may && (
                <IconButton label={t("settings.delete_named", { name: one.name })} onClick={() => setLeaving(one)}>
                  <Trash2 size={15} aria-hidden />
                </IconButton>
              )}
            </li>
          ))}
        </Lines>
      )}
      {adding && <AddTemplate channel={channel} onClose={() => setAdding(false)} />}
      <Confirm
        open={leaving !== null}
        onOpenChange={(open) => !open && setLeaving(null)}
        title={t("settings.delete_question", { name: leaving?.name ?? "" })}
        description={t("templates.delete_hint")}
        confirm={t("channels.delete")}
        danger
        busy={remove.isPending}
        onConfirm={() => leaving && remove.mutate(leaving)}
      />
    </Group>
  );
}

function AddTemplate({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const t = useT();
  const reread = useReread(templatesQuery(channel.id).queryKey);
  const form = useForm<TemplateValues>({
    initial: emptyTemplate,
    check: ({ name, body, language, header_kind, header_sample }) => ({
      name: /^[a-z0-9_]+$/.test(name) ? "" : t("templates.name_hint"),
      body: check.filled(t, body),
      language: check.filled(t, language),
      header_sample: sampleTypes[header_kind] !== undefined && !header_sample ? t("templates.sample_missing") : "",
    }),
    save: async (values) => {
      await addTemplate(channel.id, templateBody(values));
      await reread();
      onClose();
    },
  });
  const { values } = form;
  const missing = variablesOf(`${values.header_kind === "text" ? values.header : ""}\n${values.body}`);
  return (
    <FormDialog form={form} title={t("templates.add")} description={t("templates.add_hint")} submit={t("templates.submit")} onClose={onClose}>
      <TextField {...form.text("name")} label={t("templates.name")} hint={t("templates.name_hint")} maxLength={512} autoComplete="off" spellCheck={false} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField {...form.text("language")} label={t("templates.language")} hint={t("templates.language_hint")} maxLength={20} autoComplete="off" spellCheck={false} />
        <Select
          label={t("templates.category")}
          value={values.category}
          onChange={(category) => form.set({ category })}
          options={(["utility", "marketing", "authentication"] as const).map((value) => ({ value, label: t(`templates.category.${value}`) }))}
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          label={t("templates.header_kind")}
          value={values.header_kind}
          onChange={(header_kind) => form.set({ header_kind, header_sample: "" })}
          options={headerKinds.map((value) => ({ value, label: t(`templates.header_kind.${value}`) }))}
        />
        {values.header_kind === "text" && <TextField {...form.text("header")} label={t("templates.header")} maxLength={60} autoComplete="off" />}
        {sampleTypes[values.header_kind] !== undefined && (
          <TemplateSample key={values.header_kind} channel={channel.id} types={sampleTypes[values.header_kind] ?? ""} error={form.error("header_sample")} onTaken={(header_sample) => form.set({ header_sample })} />
        )}
      </div>
      <Textarea {...form.text("body")} label={t("templates.body")} hint={t("templates.body_hint")} rows={5} maxLength={1024} />
      <TextField {...form.text("footer")} label={t("templates.footer")} maxLength={60} autoComplete="off" />
      <Textarea {...form.text("buttons")} label={t("templates.buttons")} hint={t("templates.buttons_hint")} rows={2} />
      {missing.map((name) => (
        <TextField
          key={name}
          label={t("templates.sample", { name: `{{${name}}}` })}
          value={values.samples[name] ?? ""}
          error={form.error("samples") && !values.samples[name]?.trim() ? form.error("samples") : ""}
          onChange={(event) => form.set({ samples: { ...values.samples, [name]: event.target.value } })}
          autoComplete="off"
        />
      ))}
    </FormDialog>
  );
}
