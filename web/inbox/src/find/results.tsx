import { useNavigate } from "@tanstack/react-router";
import { FileText, Hash, MessageSquareText, StickyNote } from "lucide-react";
import { useId, type ReactNode } from "react";
import type { FoundContact, FoundConversation, Hit, Id } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { Time } from "../i18n/time.tsx";
import { useInbox } from "../inbox/context.tsx";
import type { InboxSearch } from "../inbox/search.ts";
import { ChannelIcon } from "../list/channel-icon.tsx";
import { contactName } from "../list/row.tsx";
import { Avatar } from "../ui/avatar.tsx";
import { Marked } from "./marked.tsx";

const icons = { message: MessageSquareText, note: StickyNote, file: FileText, ticket: Hash } as const;

/** Opens a conversation at a message; the search stays where it is, on a phone behind it. */
function useOpen(): (id: Id, seq?: number) => void {
  const { go } = useInbox();
  return (id, seq) => {
    const wide = matchMedia("(min-width: 700px)").matches;
    go({ c: String(id), m: seq ? String(seq) : undefined } as InboxSearch, { replace: wide });
  };
}

function Group({ label, shown, children }: { label: string; shown: boolean; children: ReactNode }) {
  const id = useId();
  return (
    <>
      <h3 id={id} className={shown ? "px-3 pt-3 pb-1 text-xs text-faint" : "sr-only"}>
        {label}
      </h3>
      <ul aria-labelledby={id} className="px-1.5 pb-1">
        {children}
      </ul>
    </>
  );
}

/** Conversations with what was found in each. */
export function FoundConversations({ found, heading }: { found: readonly FoundConversation[]; heading: boolean }) {
  const { t } = useLanguage();
  const { open } = useInbox();
  const show = useOpen();
  return (
    <Group label={t("find.conversations")} shown={heading}>
      {found.map(({ row, hits, more }) => {
        const name = contactName(row.contact.name, t);
        return (
          <li key={row.id} className={`rounded px-2 py-1.5 ${row.id === open ? "bg-accent-soft" : ""}`}>
            <div className="flex min-w-0 items-center gap-1.5 text-sm">
              <Avatar name={name} id={row.contact.id} url={row.contact.avatar_url} size={20} />
              <bdi className="min-w-0 truncate font-medium">{name}</bdi>
              <span className="shrink-0 text-xs text-faint">#{row.ticket.number}</span>
              <span className="flex-1" />
              <span className="flex shrink-0 text-muted">
                <ChannelIcon kind={row.channel_kind} id={row.channel_id} size={12} />
              </span>
            </div>
            <ul>
              {hits.map((hit) => (
                <li key={`${hit.kind} ${hit.message_id ?? 0}`}>
                  <Place hit={hit} name={name} onOpen={() => show(row.id, hit.seq)} />
                </li>
              ))}
            </ul>
            {more && <p className="pl-7 text-xs text-faint">{t("find.more_here")}</p>}
          </li>
        );
      })}
    </Group>
  );
}

/** One place; it opens the conversation there. */
function Place({ hit, name, onOpen }: { hit: Hit; name: string; onOpen: () => void }) {
  const { t } = useLanguage();
  const Icon = icons[hit.kind];
  const who = hit.author.kind === "customer" ? name : hit.author.name;
  return (
    <button type="button" data-found onClick={onOpen} className="flex w-full items-start gap-2 rounded py-1 pr-1 pl-0.5 text-left text-sm hover:bg-hover">
      <Icon size={14} aria-hidden className={`mt-0.5 shrink-0 ${hit.kind === "note" ? "text-note-ink" : "text-faint"}`} />
      <span className="sr-only">{t(`find.kind.${hit.kind}`)}</span>
      <span className="min-w-0 flex-1">
        <span className="line-clamp-3 wrap-anywhere text-muted">
          <Marked text={hit.text} ranges={hit.ranges} />
        </span>
        {hit.kind !== "ticket" && (
          <span className="flex gap-1.5 text-xs text-faint">
            {who && <bdi className="min-w-0 truncate">{who}</bdi>}
            {hit.at && <Time at={hit.at} className="shrink-0" />}
          </span>
        )}
      </span>
    </button>
  );
}

/** People; one opens their latest conversation, or their page if they have none. */
export function FoundContacts({ found }: { found: readonly FoundContact[] }) {
  const { t } = useLanguage();
  const show = useOpen();
  const navigate = useNavigate();
  return (
    <Group label={t("find.contacts")} shown>
      {found.map((contact) => {
        const name = contactName(contact.name, t);
        const inName = contact.field === "name";
        return (
          <li key={contact.id}>
            <button
              type="button"
              data-found
              onClick={() => (contact.conversation_id ? show(contact.conversation_id) : void navigate({ to: "/contacts/$id", params: { id: String(contact.id) } }))}
              className="flex min-h-9 w-full items-center gap-2 rounded px-2 py-1 text-left text-sm hover:bg-hover"
            >
              <Avatar name={name} id={contact.id} size={24} />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{inName ? <Marked text={contact.text} ranges={contact.ranges} /> : <bdi>{name}</bdi>}</span>
                <span className="block truncate text-xs text-muted">
                  {inName || !contact.field ? <bdi>{contact.email || contact.phone}</bdi> : <Marked text={contact.text} ranges={contact.ranges} />}
                  {!contact.conversation_id && <span className="text-faint"> {t("find.no_conversation")}</span>}
                </span>
              </span>
            </button>
          </li>
        );
      })}
    </Group>
  );
}
