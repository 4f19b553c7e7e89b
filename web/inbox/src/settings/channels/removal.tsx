import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { channelsQuery } from "../../api/desk.ts";
import type { Channel } from "../../api/types.ts";
import { useT } from "../../i18n/index.tsx";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { useToast } from "../../ui/toast.tsx";
import { channelQuery, editChannel, removeChannel } from "../api.ts";
import { Group } from "../section.tsx";

/** Stopping a channel for a while, or for good. */
export function Removal({ channel }: { channel: Channel }) {
  const t = useT();
  const toast = useToast();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<"stop" | "delete" | null>(null);
  const stopped = channel.state === "disabled";
  const change = useMutation({
    mutationFn: async (to: "active" | "disabled" | "deleted") => {
      if (to === "deleted") {
        await removeChannel(channel.id);
        await navigate({ to: "/settings/channels" });
        queries.removeQueries({ queryKey: channelQuery(channel.id).queryKey });
      } else {
        queries.setQueryData(channelQuery(channel.id).queryKey, await editChannel(channel.id, { state: to, version: channel.version }));
      }
      await queries.invalidateQueries({ queryKey: channelsQuery.queryKey });
    },
    onSuccess: () => setAsking(null),
    onError: (error) => void toast.problem(error),
  });
  return (
    <Group title={t("channels.removal")} hint={t("channels.removal_hint")}>
      <div className="flex flex-wrap gap-2">
        {stopped ? (
          <Button busy={change.isPending} onClick={() => change.mutate("active")}>
            {t("channels.start")}
          </Button>
        ) : (
          <Button onClick={() => setAsking("stop")}>{t("channels.stop")}</Button>
        )}
        <Button onClick={() => setAsking("delete")} className="text-danger">
          {t("channels.delete")}
        </Button>
      </div>
      <Confirm
        open={asking !== null}
        onOpenChange={(open) => !open && setAsking(null)}
        title={asking === "stop" ? t("channels.stop_question", { name: channel.name }) : t("settings.delete_question", { name: channel.name })}
        description={t(asking === "stop" ? "channels.stop_hint" : "channels.delete_hint")}
        confirm={t(asking === "stop" ? "channels.stop" : "channels.delete")}
        danger
        busy={change.isPending}
        onConfirm={() => asking && change.mutate(asking === "stop" ? "disabled" : "deleted")}
      />
    </Group>
  );
}
