import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { decides } from "../actions/index.ts";
import { kindQuery } from "../api/channels.ts";
import { messageArrived, retryMessage } from "../api/desk.ts";
import { usePermission } from "../api/session.ts";
import type { Id, Message } from "../api/types.ts";
import { useLanguage, type T } from "../i18n/index.tsx";
import { useInbox } from "../inbox/context.tsx";
import { useLive } from "../live/context.tsx";
import { useRow } from "../live/hooks.ts";
import { useToast } from "../ui/toast.tsx";
import { saidOf, type Said } from "./fault.ts";

const ByAnotherChannel = lazy(() => import("./by-another-channel.tsx"));

/** Why a message did not arrive, or may not have, and what can be done. Never silent. */
export function Failure({ message, channelKind }: { message: Message; channelKind: string }) {
  const { t, locale } = useLanguage();
  const { desk } = useLive();
  const toast = useToast();
  const may = usePermission("conversation.reply");
  const assignsOthers = usePermission("ticket.assign_others");
  const row = useRow(message.conversation_id);
  const [busy, setBusy] = useState(false);
  const unknown = message.status === "unknown";
  const { data: kind, isPending } = useQuery({ ...kindQuery(channelKind, locale), enabled: !unknown });
  const { composer } = useInbox();
  const maySendTemplate = usePermission("template.send");
  const template = message.fault?.kind === "window" && maySendTemplate && kind?.capabilities.templates === true;
  const said = saidOf(message.fault, kind?.texts);
  const settle = async (ask: (id: Id) => Promise<Message>) => {
    setBusy(true);
    try {
      desk.threads.put(await ask(message.id));
    } catch (error) {
      toast.problem(error);
    }
    setBusy(false);
  };
  return (
    <p role="alert" className="mt-1 flex flex-wrap items-center gap-x-2 rounded bg-danger-soft px-2 py-1 text-xs text-danger">
      <span title={message.fault?.code}>{unknown ? t("failure.unknown") : isPending ? t("tick.failed") : words(t, said)}</span>
      {template && (
        <button type="button" onClick={composer.offerTemplates} className="min-h-6 rounded px-1 font-medium underline">
          {t("composer.send_template")}
        </button>
      )}
      {may && unknown && decides(row, desk.me, () => assignsOthers) && (
        <button type="button" disabled={busy} onClick={() => void settle(messageArrived)} className="min-h-6 rounded px-1 font-medium underline disabled:opacity-50">
          {t("failure.arrived")}
        </button>
      )}
      {may && (
        <button type="button" disabled={busy} onClick={() => void settle(retryMessage)} className="min-h-6 rounded px-1 font-medium underline disabled:opacity-50">
          {t("failure.again")}
        </button>
      )}
      {may && !unknown && (
        <Suspense>
          <ByAnotherChannel message={message} />
        </Suspense>
      )}
    </p>
  );
}

function words(t: T, said: Said): string {
  if ("sentence" in said) return [said.sentence, said.fix].filter(Boolean).join(" ");
  const sentence = t(`failure.kind.${said.kind}`);
  return said.kind === "fail" && said.code ? `${sentence} ${t("failure.code", { code: said.code })}` : sentence;
}
