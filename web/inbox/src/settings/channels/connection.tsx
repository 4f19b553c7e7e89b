import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, CircleDashed, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { channelsQuery } from "../../api/desk.ts";
import { Problem } from "../../api/problem.ts";
import type { Channel, ChannelKind } from "../../api/types.ts";
import { useLanguage } from "../../i18n/index.tsx";
import { useNow } from "../../i18n/now.ts";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useToast } from "../../ui/toast.tsx";
import { channelQuery, probeChannel, subscribeChannel } from "../api.ts";
import { Group } from "../section.tsx";
import { Faults, faultWords } from "./faults.tsx";
import { filled } from "./words.ts";

const signs = {
  passed: <CircleCheck size={16} aria-hidden className="text-good" />,
  warning: <TriangleAlert size={16} aria-hidden className="text-warn" />,
  failed: <CircleAlert size={16} aria-hidden className="text-danger" />,
  skipped: <CircleDashed size={16} aria-hidden className="text-faint" />,
} as const;

/** Whether the channel works: asked of the provider on a click, with each check, what to do, and what was last seen. */
export function Connection({ channel, kind, dirty }: { channel: Channel; kind: ChannelKind; dirty: boolean }) {
  const { t, format } = useLanguage();
  const now = useNow();
  const toast = useToast();
  const queries = useQueryClient();
  const [other, setOther] = useState<Problem | null>(null);
  const keep = async (now: Channel) => {
    queries.setQueryData(channelQuery(channel.id).queryKey, now);
    await queries.invalidateQueries({ queryKey: channelsQuery.queryKey });
  };
  const probe = useMutation({
    mutationFn: async (confirm: boolean) => keep(await probeChannel(channel.id, confirm)),
    onSuccess: () => setOther(null),
    onError: (error) => {
      if (error instanceof Problem && error.code === "other_account") setOther(error);
      else toast.problem(error);
    },
  });
  const subscribe = useMutation({
    mutationFn: async () => {
      await subscribeChannel(channel.id);
      await keep(await probeChannel(channel.id));
    },
    onSuccess: () => toast.say(t("channels.subscribed")),
    onError: (error) => toast.problem(error),
  });
  const { health } = channel;
  return (
    <Group
      title={t("channels.connection")}
      hint={t(dirty ? "channels.connection_dirty" : "channels.connection_hint")}
      actions={
        <>
          {kind.subscribes && (
            <Button busy={subscribe.isPending} disabled={dirty} onClick={() => subscribe.mutate()}>
              {t("channels.subscribe")}
            </Button>
          )}
          {kind.probes && (
            <Button look="primary" busy={probe.isPending} disabled={dirty} onClick={() => probe.mutate(false)}>
              {t("channels.probe")}
            </Button>
          )}
        </>
      }
    >
      {channel.state === "awaiting_test" && <Notice>{t("channels.awaiting_test")}</Notice>}
      {(channel.state === "auth_expired" || channel.state === "suspended" || channel.state === "degraded" || channel.state === "rate_limited") && (
        <Notice look="warn">
          {t(`channels.state_hint.${channel.state}`)} {faultWords(kind, health.reason)} {health.until && t("channels.state_hint.until", { at: format.moment(new Date(health.until), now) })}
        </Notice>
      )}
      {(health.checks ?? []).length > 0 && (
        <ul className="flex flex-col gap-2" aria-label={t("channels.checks")}>
          {(health.checks ?? []).map((one) => (
            <li key={one.code} className="flex gap-2 text-sm">
              <span className="pt-0.5">{signs[one.state as keyof typeof signs] ?? signs.skipped}</span>
              <span>
                <span className="sr-only">{t(`channels.check.${one.state as keyof typeof signs}`)}: </span>
                {filled(kind.texts[`check.${one.code}`] ?? one.code, one.params)}
                {(one.state === "failed" || one.state === "warning") && kind.texts[`check.${one.code}.fix`] && <span className="block text-muted">{filled(kind.texts[`check.${one.code}.fix`] ?? "", one.params)}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
      <Seen channel={channel} kind={kind} />
      <Faults channel={channel} kind={kind} />
      <Confirm
        open={other !== null}
        onOpenChange={(open) => !open && setOther(null)}
        title={t("channels.other_account")}
        description={other?.message ?? ""}
        confirm={t("channels.other_account_do")}
        danger
        busy={probe.isPending}
        onConfirm={() => probe.mutate(true)}
      />
    </Group>
  );
}

/** A fact that is a point in time. */
const instant = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** What was last seen of the provider (H9). */
function Seen({ channel, kind }: { channel: Channel; kind: ChannelKind }) {
  const { t, format } = useLanguage();
  const now = useNow();
  const { health } = channel;
  const times: [name: string, at: string | undefined, why?: string | undefined][] = [
    [t("channels.seen_hook"), health.hook_at],
    [t("channels.seen_sent"), health.sent_at],
    [t("channels.seen_failed"), health.failed_at, health.failed_code && (kind.texts[`fault.${health.failed_code}`] ?? health.failed_code)],
    [t("channels.seen_forged"), health.forged_at],
    [t("channels.seen_probed"), health.probed_at],
  ];
  const shown = times.filter(([, at]) => at);
  const facts = health.facts ?? [];
  if (shown.length === 0 && facts.length === 0 && !health.token_expires) return null;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-sm">
      {facts.map(({ name, value }) => (
        <div key={name} className="contents">
          <dt className="text-muted">{kind.texts[`fact.${name}`] ?? name}</dt>
          <dd className="break-words">{kind.texts[`fact.${name}.${value}`] ?? (instant.test(value) ? format.exact(new Date(value)) : value)}</dd>
        </div>
      ))}
      {shown.map(([name, at, why]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd>
            <time dateTime={at} title={format.exact(new Date(at ?? ""))}>
              {t(now.getTime() - new Date(at ?? "").getTime() < 60_000 ? "channels.seen_now" : "channels.seen_ago", { span: format.span(now.getTime() - new Date(at ?? "").getTime()) })}
            </time>
            {why && <span className="block text-muted">{why}</span>}
          </dd>
        </div>
      ))}
      {health.token_expires && (
        <>
          <dt className="text-muted">{t("channels.token_expires")}</dt>
          <dd>{format.exact(new Date(health.token_expires))}</dd>
        </>
      )}
    </dl>
  );
}
