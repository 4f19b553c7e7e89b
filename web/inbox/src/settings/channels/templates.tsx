import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { usePermission } from "../../api/session.ts";
import type { Channel, Template } from "../../api/types.ts";
import { useT, type Key, type T } from "../../i18n/index.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { useToast } from "../../ui/toast.tsx";
import { kindQuery, removeTemplate, syncTemplates, templatesQuery } from "../api.ts";
import { Group, Lines } from "../section.tsx";
import { AddTemplate } from "./add-template.tsx";

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
      {adding && <AddTemplate channel={channel} all={templates ?? []} onClose={() => setAdding(false)} />}
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
