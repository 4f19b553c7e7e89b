import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FileCheck } from "lucide-react";
import { useState, type ReactNode } from "react";
import { kindQuery } from "../api/channels.ts";
import { dismissOptOut, optOut } from "../api/contacts.ts";
import { usePermission } from "../api/session.ts";
import type { Channel, Id, Row, Spec } from "../api/types.ts";
import { useLanguage, type T } from "../i18n/index.tsx";
import { useNow } from "../i18n/now.ts";
import { useLive } from "../live/context.tsx";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { useToast } from "../ui/toast.tsx";
import type { Closed, Stuck } from "./closed.ts";

interface WhyProps {
  row: Row;
  closed: Closed;
  channel: Channel | undefined;
  spec: Spec | undefined;
  /** Something is written here that cannot go out now. */
  drafted: boolean;
  onTemplate: () => void;
}

/** In the place of the text box: why no reply can go out, and what can be done instead (C2.1). */
export function WhyClosed({ row, closed, channel, spec, drafted, onTemplate }: WhyProps) {
  const { t, format } = useLanguage();
  const now = useNow();
  const templates = usePermission("template.send") && spec?.capabilities.templates === true && closed.why === "window";
  return (
    <div className="flex min-h-18 flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2 text-sm">
      <output className="min-w-48 flex-1 text-pretty">
        {closed.why === "channel" ? <ChannelSentence channel={channel} state={closed.state} /> : sentence(t, closed, templates, spec, (at) => format.moment(new Date(at), now))}
        {drafted && <span className="block text-xs text-muted">{t("composer.draft_kept")}</span>}
      </output>
      {templates && (
        <Button look="primary" onClick={onTemplate}>
          <FileCheck size={14} aria-hidden />
          {t("composer.send_template")}
        </Button>
      )}
      {row.standing?.template_at && closed.why === "window" && <Badge look="soft">{t("composer.template_waits")}</Badge>}
    </div>
  );
}

function sentence(t: T, closed: Exclude<Closed, { why: "channel" }>, templates: boolean, spec: Spec | undefined, moment: (at: string) => string): string {
  switch (closed.why) {
    case "blocked":
      return t("composer.closed_blocked");
    case "opted_out":
      return t(spec?.capabilities.segments ? "composer.opted_out_number" : "composer.opted_out", { at: moment(closed.at) });
    case "window":
      return t(closed.spent ? "composer.closed_spent" : templates ? "composer.closed_template" : "composer.closed_window");
  }
}

/** What is worth knowing though a reply can go out: the channel is slow, the customer seems to opt out, nothing reached them. */
export function Warnings({ row, channel }: { row: Row; channel: Channel | undefined }) {
  const { t, format } = useLanguage();
  const now = useNow();
  const { standing } = row;
  const troubled = channel && (["degraded", "rate_limited"] as const).find((state) => state === channel.state);
  return (
    <>
      {troubled && (
        <Warning>
          <ChannelSentence channel={channel} state={troubled} />
        </Warning>
      )}
      {standing?.suspected_at && !standing.opted_out_at && <Suspicion conversation={row.id} />}
      {standing?.unreachable && <Warning>{t("composer.unreachable", { at: format.moment(new Date(standing.unreachable), now) })}</Warning>}
    </>
  );
}

/** Asks what somebody meant who may want no more messages (B3.6). */
function Suspicion({ conversation }: { conversation: Id }) {
  const { t } = useLanguage();
  const may = usePermission("conversation.reply");
  const { desk } = useLive();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const decide = async (decision: (id: Id) => Promise<Row>) => {
    setBusy(true);
    try {
      desk.putRow(await decision(conversation));
    } catch (error) {
      toast.problem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Warning>
      <span className="flex flex-wrap items-center gap-2">
        <span className="min-w-48 flex-1">{t("composer.suspected")}</span>
        {may && (
          <>
            <Button size="sm" look="danger" disabled={busy} onClick={() => void decide(optOut)}>
              {t("composer.suspected_stop")}
            </Button>
            <Button size="sm" disabled={busy} onClick={() => void decide(dismissOptOut)}>
              {t("composer.suspected_no")}
            </Button>
          </>
        )}
      </span>
    </Warning>
  );
}

const Warning = ({ children }: { children: ReactNode }) => <output className="mx-2 mt-2 block rounded bg-warn-soft px-2 py-1.5 text-xs text-pretty text-warn">{children}</output>;

/** A channel's state in a sentence; those who manage channels read the cause as well, and get there (H1, H2). */
function ChannelSentence({ channel, state }: { channel: Channel | undefined; state: Stuck | "degraded" | "rate_limited" }) {
  const { t, locale } = useLanguage();
  const manages = usePermission("channel.manage");
  const reason = channel?.health.reason ?? "";
  const { data: kind } = useQuery({ ...kindQuery(channel?.kind ?? "", locale), enabled: manages && reason !== "" && channel !== undefined });
  const cause = kind?.texts[`fault.${reason}`];
  return (
    <>
      {t(`composer.channel.${state}`)}
      {manages && cause && ` ${cause}`}
      {manages && channel && state !== "deleted" && (
        <>
          {" "}
          <Link to="/settings/channels/$id" params={{ id: String(channel.id) }} className="underline">
            {t("composer.channel_page")}
          </Link>
        </>
      )}
    </>
  );
}
