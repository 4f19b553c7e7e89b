import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ChevronRight, MessageCircle, Plus } from "lucide-react";
import { useState } from "react";
import { channelsQuery, knownChannelsQuery, specsQuery } from "../../api/desk.ts";
import { check } from "../../form/person.ts";
import { useForm } from "../../form/use-form.ts";
import { useT } from "../../i18n/index.tsx";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty.tsx";
import { TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { addChannel } from "../api.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { Lines, Section, useMay } from "../section.tsx";
import { useReread } from "../use-change.ts";
import { ChannelIcon } from "../../list/channel-icon.tsx";
import { kindName } from "./kinds.ts";
import { Seen } from "./seen.tsx";
import { StateBadge } from "./state-badge.tsx";

/** Where customers can write from, and below it what was deleted and has a history (H2). */
export function ChannelsPage() {
  const t = useT();
  const may = useMay("channels");
  const { data: known } = useQuery({ ...knownChannelsQuery, refetchInterval: 30_000 });
  const deleted = known?.filter(({ state }) => state === "deleted") ?? [];
  const channels = known?.filter(({ state }) => state !== "deleted");
  const { data: specs = [] } = useQuery(specsQuery);
  const [adding, setAdding] = useState(false);
  const add = (
    <Button look="primary" onClick={() => setAdding(true)}>
      <Plus size={15} aria-hidden /> {t("channels.add")}
    </Button>
  );
  return (
    <Section id="channels" actions={channels?.length ? add : null}>
      {channels?.length === 0 && (
        <EmptyState icon={<MessageCircle size={28} aria-hidden />} title={t("channels.none")} actions={may && add}>
          {t("channels.none_hint")}
        </EmptyState>
      )}
      {channels && channels.length + deleted.length > 0 && (
        <Lines label={t("settings.channels.title")}>
          {[...channels, ...deleted].map((channel) => {
            const opens = may && channel.state !== "deleted";
            const line = (
              <>
                <span className="shrink-0 text-muted">
                  <ChannelIcon kind={channel.kind} size={20} />
                </span>
                <span className="min-w-0 flex-1">
                  <span className="flex items-center gap-2">
                    <bdi className="truncate font-medium">{channel.name}</bdi>
                    <StateBadge state={channel.state} />
                  </span>
                  <span className="block text-sm text-muted">
                    {kindName(t, channel.kind, specs)} · <Seen channel={channel} />
                  </span>
                </span>
                {opens && <ChevronRight size={16} aria-hidden className="text-faint" />}
              </>
            );
            const look = "flex items-center gap-3 rounded-md px-4 py-3 text-ink hover:no-underline";
            return (
              <li key={channel.id}>
                {opens ? (
                  <Link to="/settings/channels/$id" params={{ id: String(channel.id) }} className={`${look} hover:bg-hover`}>
                    {line}
                  </Link>
                ) : (
                  <span className={look}>{line}</span>
                )}
              </li>
            );
          })}
        </Lines>
      )}
      {adding && <AddChannel onClose={() => setAdding(false)} />}
    </Section>
  );
}

function AddChannel({ onClose }: { onClose: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const reread = useReread(channelsQuery.queryKey);
  const { data: specs = [] } = useQuery(specsQuery);
  const first = specs[0]?.kind ?? "";
  const form = useForm({
    initial: { kind: first, name: "" },
    check: ({ name }) => ({ name: check.filled(t, name) }),
    save: async ({ kind, name }) => {
      const made = await addChannel({ kind, name: name.trim() });
      await reread();
      await navigate({ to: "/settings/channels/$id", params: { id: String(made.id) } });
    },
  });
  return (
    <FormDialog form={form} title={t("channels.add")} submit={t("channels.add_do")} onClose={onClose}>
      <Select label={t("channels.kind")} value={form.values.kind} onChange={(kind) => form.set({ kind })} options={specs.map(({ kind }) => ({ value: kind, label: kindName(t, kind, specs) }))} hint={specs.find((one) => one.kind === form.values.kind)?.about ?? ""} />
      <TextField {...form.text("name")} label={t("channels.name")} hint={t("channels.name_hint")} maxLength={60} autoComplete="off" />
    </FormDialog>
  );
}
