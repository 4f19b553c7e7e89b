import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Smartphone } from "lucide-react";
import { channelsQuery } from "../../api/desk.ts";
import type { Channel, ChannelKind } from "../../api/types.ts";
import { useT } from "../../i18n/index.tsx";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useToast } from "../../ui/toast.tsx";
import { channelQuery } from "../api.ts";
import { accountOf, connectPractice, phoneOf, practiceAccounts } from "./simulator.ts";

/** Where the server plays the provider: one click instead of the steps, and then the way to the customer's phone. */
export function Practice({ channel, kind, dirty }: { channel: Channel; kind: ChannelKind; dirty: boolean }) {
  const t = useT();
  const toast = useToast();
  const queries = useQueryClient();
  const accounts = ["simulator", channel.kind];
  const { data } = useQuery({ queryKey: accounts, queryFn: () => practiceAccounts(channel.kind), staleTime: 0, retry: false });
  const connect = useMutation({
    mutationFn: () => connectPractice(channel, kind),
    onError: (error) => toast.problem(error),
    onSettled: () =>
      Promise.all([accounts, channelQuery(channel.id).queryKey, channelsQuery.queryKey].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
  if (!data) return null;
  const account = accountOf(channel, data);
  if (account)
    return (
      <Notice
        actions={
          <a href={phoneOf(account)} target="_blank" rel="noopener" className="inline-flex pressed items-center gap-1.5">
            <Smartphone size={15} aria-hidden /> {t("channels.practice_phone")}
          </a>
        }
      >
        {t("channels.practice_connected")}
      </Notice>
    );
  if (!channel.account.startsWith("pending:")) return null;
  return (
    <Notice
      actions={
        <Button look="primary" busy={connect.isPending} disabled={dirty} onClick={() => connect.mutate()}>
          {t("channels.practice_do")}
        </Button>
      }
    >
      {t("channels.practice")}
    </Notice>
  );
}
