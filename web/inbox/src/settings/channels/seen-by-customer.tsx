import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Channel, ChannelKind } from "../../api/types.ts";
import { useT } from "../../i18n/index.tsx";
import { Switch } from "../../ui/switch.tsx";
import { useToast } from "../../ui/toast.tsx";
import { channelQuery, editChannel } from "../api.ts";
import { Group } from "../section.tsx";

type Automation = NonNullable<Channel["automation"]>;

/** Whether customers are told that theirs were read and that somebody writes, where the channel can tell (G2.8). */
export function Seen({ channel, kind, dirty }: { channel: Channel; kind: ChannelKind; dirty: boolean }) {
  const t = useT();
  const toast = useToast();
  const queries = useQueryClient();
  const { automation } = channel;
  const change = useMutation({
    mutationFn: (news: Partial<Automation>) => editChannel(channel.id, { version: channel.version, automation: { ...(automation as Automation), ...news } }),
    onSuccess: (saved) => queries.setQueryData(channelQuery(channel.id).queryKey, saved),
    onError: (error) => toast.problem(error),
  });
  const { read_receipts, typing } = kind.capabilities;
  if (!automation || !(read_receipts || typing)) return null;
  const disabled = change.isPending || dirty; // what is being edited is saved against the version that it was read with
  return (
    <Group title={t("channels.seen")}>
      {read_receipts && <Switch label={t("channels.seen_reading")} hint={t("channels.seen_reading_hint")} checked={!automation.hide_reading} disabled={disabled} onChange={(on) => change.mutate({ hide_reading: !on })} />}
      {typing && <Switch label={t("channels.seen_typing")} hint={[t("channels.seen_typing_hint"), kind.texts["typing.hint"]].filter(Boolean).join(" ")} checked={!automation.hide_typing} disabled={disabled} onChange={(on) => change.mutate({ hide_typing: !on })} />}
    </Group>
  );
}
