import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { decides } from "../actions/index.ts";
import { closedForAgain, stateOf, type Closed } from "../composer/closed.ts";
import { kindQuery } from "../api/channels.ts";
import { messageArrived, retryMessage } from "../api/desk.ts";
import { usePermission } from "../api/session.ts";
import type { Id, Message, Row } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useNow, useNowBy } from "../i18n/now.ts";
import { useInbox } from "../inbox/context.tsx";
import { useChannels, useSpecs } from "../inbox/directory.tsx";
import { useLive } from "../live/context.tsx";
import { useRow } from "../live/hooks.ts";
import { replyWindow } from "../standing/window.ts";
import { useToast } from "../ui/toast.tsx";
import { wordsOf } from "./fault.ts";

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
  const shut = useShut(message, row, channelKind);
  const template = (message.fault?.kind === "window" || shut?.why === "window") && maySendTemplate && kind?.capabilities.templates === true;
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
    <p role="alert" className="mt-1 flex flex-wrap items-center gap-x-2 rounded bg-danger-soft px-2 py-1 text-xs text-pretty text-danger">
      <span title={message.fault?.code}>{unknown ? t("failure.unknown") : isPending ? t("tick.failed") : wordsOf(t, message.fault, kind?.texts)}</span>
      {may && shut && !saysSo(message.fault, shut) && <span>{t(`failure.shut.${shut.why}`)}</span>}
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
      {may && !shut && (
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

/** Why sending it again could not work now. */
function useShut(message: Message, row: Row | undefined, channelKind: string): Closed | null {
  const channels = useChannels();
  const spec = useSpecs().find(({ kind }) => kind === channelKind);
  const now = useNowBy(replyWindow(row?.standing, spec?.window, useNow())?.until);
  return row ? closedForAgain(message, row, stateOf(row.channel_id, channels), spec, now) : null;
}

const sameReason: Readonly<Record<Closed["why"], string>> = { window: "window", opted_out: "opt_out", blocked: "reply_to_blocked", channel: "" };
/** What the provider refused it for stands in the way still: its own sentence tells it. */
const saysSo = (fault: Message["fault"], { why }: Closed) => fault?.kind === sameReason[why] || fault?.code === sameReason[why];
