import { useInfiniteQuery } from "@tanstack/react-query";
import { Ban, CircleCheck, FileClock, Globe, Inbox, PencilLine, StickyNote, Ticket as TicketIcon, UserPlus } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import { fieldsQuery, timelineQuery } from "../api/contacts.ts";
import type { Field, Id, TimelineEntry } from "../api/types.ts";
import type { Go } from "../customer/gallery.tsx";
import { Rating } from "../customer/rating.tsx";
import { browserOf } from "../customer/browser.ts";
import { labelIn } from "../customer/custom-field.tsx";
import { useLanguage, type Key } from "../i18n/index.tsx";
import { Time } from "../i18n/time.tsx";
import { useKnownChannels, useMembers } from "../inbox/directory.tsx";
import { channelLabel } from "../list/channel-icon.tsx";
import { StatusBadge } from "../thread/status-badge.tsx";
import { safeHref } from "../thread/spans.ts";
import { Button } from "../ui/button.tsx";
import { Later, Skeleton } from "../ui/skeleton.tsx";
import { useQuery } from "@tanstack/react-query";

const icons: Record<TimelineEntry["kind"], ReactNode> = {
  ticket_opened: <TicketIcon size={14} aria-hidden />,
  ticket_resolved: <CircleCheck size={14} aria-hidden />,
  conversation: <Inbox size={14} aria-hidden />,
  note: <StickyNote size={14} aria-hidden />,
  change: <PencilLine size={14} aria-hidden />,
  blocked: <Ban size={14} aria-hidden />,
  unblocked: <CircleCheck size={14} aria-hidden />,
  visit: <Globe size={14} aria-hidden />,
  created: <UserPlus size={14} aria-hidden />,
};

/** What happened with a contact, newest first (F11). */
export function Timeline({ contact, onGo }: { contact: Id; onGo: Go }) {
  const { t } = useLanguage();
  const { data, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(timelineQuery(contact));
  const entries = data?.pages.flatMap((page) => page.items ?? []) ?? [];
  if (isPending)
    return (
      <div className="flex flex-col gap-3 p-4" aria-busy>
        <Later>
          <Skeleton className="h-3 w-2/3" />
          <Skeleton className="h-3 w-1/2" />
        </Later>
      </div>
    );
  return (
    <div className="flex max-w-3xl flex-col gap-3 p-4">
      {entries.length === 0 && (
        <p className="flex items-center gap-2 text-sm text-muted">
          <FileClock size={15} aria-hidden /> {t("contacts.timeline_empty")}
        </p>
      )}
      <ol className="flex flex-col">
        {entries.map((entry) => (
          <li key={entry.id} className="relative flex gap-3 pb-4 before:absolute before:top-6 before:bottom-0 before:left-3 before:w-px before:bg-line last:before:hidden">
            <span className="z-1 grid size-6 shrink-0 place-items-center rounded-full bg-press text-muted">{icons[entry.kind]}</span>
            <div className="min-w-0 flex-1 pt-0.5">
              <Entry entry={entry} onGo={onGo} />
              <Time at={entry.at} form="moment" className="text-xs text-faint" />
            </div>
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <Button className="self-start" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("contacts.timeline_more")}
        </Button>
      )}
    </div>
  );
}

function Entry({ entry, onGo }: { entry: TimelineEntry; onGo: Go }) {
  const { t, rich } = useLanguage();
  const channels = useKnownChannels();
  const nameOf = ({ channel_id, channel_kind }: { channel_id: Id; channel_kind: string }) => {
    const channel = channels.find(({ id }) => id === channel_id);
    return channel ? channelLabel(t, channel) : channel_kind;
  };
  const members = useMembers();
  const actor = entry.actor?.kind === "user" ? members.find((member) => member.user_id === entry.actor?.id) : undefined;
  const by = actor ? <bdi className="text-muted">{actor.name}</bdi> : null;
  const title = (text: ReactNode) => (
    <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
      {text}
      {by}
    </p>
  );
  const { ticket, conversation, note, visitor } = entry;
  switch (entry.kind) {
    case "ticket_opened":
    case "ticket_resolved":
      return ticket ? (
        <>
          <p className="flex flex-wrap items-center gap-2 text-sm">
            <button type="button" className="rounded-sm text-accent hover:underline" onClick={() => onGo(ticket.conversation_id)}>
              {t(`contacts.entry.${entry.kind}`, { number: ticket.number })}
            </button>
            <StatusBadge ticket={ticket} />
          </p>
          {entry.kind === "ticket_resolved" && ticket.survey && <Rating survey={ticket.survey} />}
        </>
      ) : null;
    case "conversation":
      return conversation ? (
        <p className="text-sm">
          <button type="button" className="rounded-sm text-accent hover:underline" onClick={() => onGo(conversation.id)}>
            {rich("contacts.entry.conversation", { channel: <bdi>{nameOf(conversation)}</bdi> })}
          </button>
        </p>
      ) : null;
    case "note":
      return (
        <>
          {title(t("contacts.entry.note"))}
          <p dir="auto" className="my-1 rounded border border-note-line bg-note px-2 py-1.5 text-sm whitespace-pre-wrap">
            {note?.body}
          </p>
        </>
      );
    case "change":
    case "created":
      return (
        <>
          {title(t(`contacts.entry.${entry.kind}`))}
          <Changes entry={entry} />
        </>
      );
    case "blocked":
      return (
        <>
          {title(t("contacts.entry.blocked"))}
          <p className="text-sm text-muted">
            <bdi>{entry.changes?.find(({ field }) => field === "reason")?.to}</bdi>
          </p>
        </>
      );
    case "unblocked":
      return title(t("contacts.entry.unblocked"));
    case "visit": {
      const href = safeHref(visitor?.page_url);
      const page = <bdi>{visitor?.page_title || visitor?.page_url || t("customer.unknown")}</bdi>;
      return (
        <p className="text-sm break-words">
          {rich("contacts.entry.visit", {
            page: href ? (
              <a href={href} target="_blank" rel="noopener noreferrer nofollow">
                {page}
              </a>
            ) : (
              page
            ),
          })}{" "}
          <span className="text-xs text-muted">{browserOf(visitor?.user_agent ?? "")}</span>
        </p>
      );
    }
  }
}

const named: Record<string, Key> = { name: "customer.name", email: "customer.email", phone: "customer.phone", locale: "customer.language", zone: "contacts.zone" };

/** Fields with their old and new values. */
function Changes({ entry }: { entry: TimelineEntry }) {
  const { t, locale } = useLanguage();
  const { data: fields = [] } = useQuery(fieldsQuery);
  if (!entry.changes?.length) return null;
  const definition = (name: string): Field | undefined => fields.find((field) => field.subject === "contact" && `fields.${field.key}` === name);
  const label = (name: string) => {
    const found = definition(name);
    const own = named[name];
    return found ? labelIn(found.label, locale) : own ? t(own) : name.replace(/^fields\./, "");
  };
  const shown = (name: string, value: string | undefined) => {
    const options = definition(name)?.options ?? [];
    const text = (value ?? "")
      .split(options.length > 0 ? "," : "\u0000")
      .map((one) => {
        const option = options.find(({ id }) => id === one);
        return option ? labelIn(option.label, locale) : one;
      })
      .join(", ");
    return text ? <bdi className="break-words">{text}</bdi> : <span className="text-muted">{t("customer.empty")}</span>;
  };
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-3 text-sm">
      {entry.changes.map(({ field, from, to }) => (
        <Fragment key={field}>
          <dt className="text-muted">{label(field)}</dt>
          <dd className="min-w-0">
            {from && (
              <>
                <del>{shown(field, from)}</del> <span aria-hidden>→</span>{" "}
              </>
            )}
            <ins className="no-underline">{shown(field, to)}</ins>
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}
