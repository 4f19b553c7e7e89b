import { Bot, Check, CircleAlert, Clock3, CornerUpLeft, Flag, Paperclip, PencilLine, ShoppingCart, Zap, type LucideIcon } from "lucide-react";
import { lazy, memo, Suspense, type CSSProperties, type MouseEvent } from "react";
import { useQuery } from "@tanstack/react-query";
import { remindersQuery } from "../api/desk.ts";
import type { AuthorKind, Id, Member, Priority, Row, Tag } from "../api/types.ts";
import { useLanguage, type T } from "../i18n/index.tsx";
import { Time } from "../i18n/time.tsx";
import { useNow } from "../i18n/now.ts";
import { useKnownChannels, useMember, useTags } from "../inbox/directory.tsx";
import { useRefused, useRow } from "../live/hooks.ts";
import { hoursMinutes } from "../standing/window.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Badge, TagChip } from "../ui/badge.tsx";
import { ChannelIcon, channelTitle } from "./channel-icon.tsx";
import { StandingMark, told, toldWords } from "./standing-marks.tsx";

const ReminderMark = lazy(() => import("./reminder-mark.tsx"));

/** Heights in CSS pixels; the place-holders have the same. */
export const rowHeight = { comfortable: 64, compact: 40 } as const;

interface ListRowProps {
  id: Id;
  index: number;
  /** How many there are, -1 while more can be loaded. */
  total: number;
  style: CSSProperties;
  open: boolean;
  checked: boolean;
  /** Something is selected: the row says whether it is. */
  selecting: boolean;
  /** The box is there without a pointer on it. */
  choosing: boolean;
  /** It no longer belongs here and waits for the list to move. */
  left: boolean;
  compact: boolean;
  onPress: (event: MouseEvent) => void;
  /** The box was pressed; `range`: with Shift. Without it there is no box. */
  onCheck: ((range: boolean) => void) | undefined;
  onRest: () => void;
}

/** A customer's name, or what to call somebody without one. */
export const contactName = (name: string, t: T) => name || t("people.visitor");

/** One conversation in the list (G1.2). */
export const ListRow = memo(
  function ListRow({ id, index, total, style, open, checked, selecting, choosing, left, compact, onPress, onCheck, onRest }: ListRowProps) {
    const { t } = useLanguage();
    const row = useRow(id);
    const assignee = useMember(row?.ticket.assignee_id);
    const tags = useTags();
    const known = useKnownChannels();
    const now = useNow();
    const refused = useRefused(id);
    if (!row) return null;
    const mine = tags.filter((tag) => row.ticket.tag_ids?.includes(tag.id)).slice(0, 2);
    const unread = row.unread > 0;
    const name = contactName(row.contact.name, t);
    const standing = told(row, now);
    const shape = { row, failed: row.failed || refused, name, unread, assignee, standing, tags: mine, boxed: onCheck !== undefined && (checked || choosing) };
    return (
      // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the listbox has the focus and the keys
      <div
        id={`row-${id}`}
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a rich row
        role="option"
        aria-selected={selecting ? checked : open}
        aria-current={(selecting && open) || undefined}
        aria-posinset={index + 1}
        aria-setsize={total}
        style={style}
        onClick={onPress}
        onMouseDown={(event) => {
          if (event.shiftKey) event.preventDefault(); // a range of rows, not of text
        }}
        onPointerEnter={onRest}
        className={`absolute inset-x-0 top-0 px-1.5 py-px ${left ? "opacity-50" : ""}`}
      >
        <div className={`relative flex h-full items-center gap-2.5 rounded px-2 ${open || checked ? "bg-accent-soft" : "hover:bg-hover"} ${open ? cursor(selecting) : ""}`}>
          {onCheck && <Box checked={checked} shown={checked || choosing} compact={compact} onCheck={onCheck} />}
          {compact ? <Compact {...shape} /> : <Comfortable {...shape} />}<span className="sr-only">{unseen(t, shape, channelTitle(t, row.channel_kind, row.channel_id, known))}</span></div>
      </div>
    );
  },
  (a, b) =>
    a.id === b.id && a.index === b.index && a.total === b.total && a.open === b.open && a.checked === b.checked && a.selecting === b.selecting && a.choosing === b.choosing && !a.onCheck === !b.onCheck && a.left === b.left && a.compact === b.compact && a.style.transform === b.style.transform && a.style.height === b.style.height,
);

/** A ring where the keys are: while the list has them, and while what is selected looks like what is open. */
const cursor = (selecting: boolean) => `-outline-offset-2 outline-accent ${selecting ? "outline-2" : "group-focus-visible/list:outline-2"}`;

/** The box that selects, in the place of the face; keys and screen readers have `x` and the row itself. */
function Box({ checked, shown, compact, onCheck }: { checked: boolean; shown: boolean; compact: boolean; onCheck: (range: boolean) => void }) {
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the listbox has the focus and the keys
    <span
      aria-hidden
      data-box
      onClick={(event) => {
        event.stopPropagation();
        onCheck(event.shiftKey);
      }}
      className={`absolute inset-y-0 left-0 z-1 grid place-items-center rounded-l ${compact ? "w-9" : "w-13"} ${shown ? "" : "opacity-0 hover:bg-inherit hover:opacity-100 pointer-coarse:hidden"}`}
    >
      <span className={`grid size-5 place-items-center rounded-sm border ${checked ? "border-transparent bg-accent-fill text-on-accent" : "border-strong-line bg-surface"}`}>{checked && <Check size={14} />}</span>
    </span>
  );
}

interface Shape {
  row: Row;
  /** Something did not arrive, or did not even leave. */
  failed: boolean;
  name: string;
  unread: boolean;
  assignee: Member | undefined;
  tags: Tag[];
  standing: ReturnType<typeof told>;
  /** The box is in the face's place. */
  boxed: boolean;
}

function Comfortable({ row, failed, name, unread, assignee, tags, standing, boxed }: Shape) {
  return (
    <>
      <span className={`relative ${boxed ? "invisible" : ""}`}>
        <Avatar name={name} id={row.contact.id} url={row.contact.avatar_url} size={36} />
        <span className="absolute -right-1 -bottom-1 grid size-4.5 place-items-center rounded-full bg-surface text-muted">
          <ChannelIcon kind={row.channel_kind} id={row.channel_id} size={12} />
        </span>
      </span>
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="flex items-center gap-1.5">
          <bdi className={`truncate text-left text-base ${unread ? "font-semibold" : ""}`}>{name}</bdi>
          {tags.map((tag) => (
            <TagChip key={tag.id} name={tag.name} color={tag.color} />
          ))}
          <span className="flex-1" />
          <Time at={row.last_activity_at} className={`shrink-0 text-xs tabular-nums ${unread ? "font-medium text-accent" : "text-faint"}`} />
        </span>
        <span className="flex items-center gap-1.5">
          <Preview row={row} unread={unread} />
          <Marks row={row} failed={failed} assignee={assignee} standing={standing} />
        </span>
      </span>
    </>
  );
}

/** One line: where it is narrow, what says how long somebody waits tells on hover when that was, and the time is left to screen readers. */
function Compact({ row, failed, name, unread, assignee, standing, boxed }: Shape) {
  const waits = waitedMs(row, useNow()) > 0;
  return (
    <>
      <span className={`flex text-muted ${boxed ? "invisible" : ""}`}>
        <ChannelIcon kind={row.channel_kind} id={row.channel_id} size={14} />
      </span>
      <bdi className={`w-24 shrink-0 truncate text-left text-sm ${unread ? "font-semibold" : ""}`}>{name}</bdi>
      <Preview row={row} unread={unread} />
      <Marks row={row} failed={failed} assignee={assignee} standing={standing} />
      <span className={waits ? "sr-only @min-[26rem]:not-sr-only" : "contents"}>
        <Time at={row.last_activity_at} className={`shrink-0 text-xs tabular-nums ${unread ? "font-medium text-accent" : "text-faint"}`} />
      </span>
    </>
  );
}

type SpeakingKind = Exclude<AuthorKind, "system">;

/** Signs for what our side said last; the customer needs none. */
const speakers: Partial<Record<AuthorKind, LucideIcon>> = { human: CornerUpLeft, bot: Bot, automation: Zap };

/** What was said last, in one line; never a system line. */
function Preview({ row, unread }: { row: Row; unread: boolean }) {
  const { t } = useLanguage();
  const { preview } = row;
  const Speaker = speakers[preview.author];
  const order = preview.kind === "order";
  const file = preview.kind !== "text" && preview.kind !== "unknown" && preview.kind !== "product" && !order;
  return (
    <span className={`flex min-w-0 flex-1 items-center gap-1 text-sm ${unread ? "text-ink" : "text-muted"}`}>
      {row.draft && (
        <span className="inline-flex shrink-0 items-center gap-0.5 text-xs text-danger">
          <PencilLine size={12} aria-hidden />
          {t("row.draft")}
        </span>
      )}
      {Speaker && (
        <span title={t(`author.${preview.author as SpeakingKind}`)} className="shrink-0 text-faint">
          <Speaker size={13} aria-hidden />
        </span>
      )}
      {file && <Paperclip size={12} aria-hidden className="shrink-0" />}
      {order && (
        <span title={t("part.order")} className="shrink-0">
          <ShoppingCart size={12} aria-label={t("part.order")} />
        </span>
      )}
      <span className="truncate">
        <bdi>{preview.text || (preview.kind ? t(`part.${preview.kind}`) : "")}</bdi>
      </span>
    </span>
  );
}

const slaLooks = { ok: "neutral", warning: "warn", breached: "danger" } as const;

/** What is promised, and how long is left (E17); nothing while no clock runs. */
function Promised({ ticket: { sla, sla_due }, now }: { ticket: Row["ticket"]; now: Date }) {
  const { t } = useLanguage();
  if (!sla || sla === "paused" || !sla_due) return null;
  const said = t(`sla.${sla}`);
  return (
    <Badge look={slaLooks[sla]} title={`${t("filter.sla")}: ${said}`}>
      {sla === "breached" ? said : hoursMinutes(Date.parse(sla_due) - now.getTime())}
    </Badge>
  );
}

const amberMs = 15 * 60_000;
const redMs = 60 * 60_000;

/** How long a customer waits whom nothing was promised, 0 if nobody does or only since now. */
function waitedMs({ ticket: { wait_since: since, sla, status } }: Row, now: Date): number {
  const waited = since && !sla && status !== "resolved" ? now.getTime() - Date.parse(since) : 0;
  return waited >= 60_000 ? waited : 0;
}

/** How long a customer waits; on hover in words, with the instant of what was said last. */
function Waited({ ms, at }: { ms: number; at: string }) {
  const { t, format } = useLanguage();
  const words = t("row.waiting", { time: format.span(ms) });
  return (
    <span title={words} onPointerEnter={(event) => (event.currentTarget.title = `${words}\n${format.exact(new Date(at))}`)} className="inline-flex">
      <Badge look={ms > redMs ? "danger" : ms > amberMs ? "warn" : "neutral"}>
        <Clock3 size={10} aria-hidden />
        {format.span(ms)}
      </Badge>
    </span>
  );
}

/** Signs at the end of the line: failed, how the customer stands, waiting, priority, who has it, how many unread. */
function Marks({ row, failed, assignee, standing }: Pick<Shape, "row" | "failed" | "assignee" | "standing">) {
  const { t } = useLanguage();
  const now = useNow();
  const { priority } = row.ticket;
  const reminder = useQuery({ ...remindersQuery, enabled: false }).data?.find((one) => one.conversation_id === row.id); // who tells of notifications asks for them
  const waited = waitedMs(row, now);
  return (
    <span className="flex shrink-0 items-center gap-1">
      {failed && (
        <span title={t("row.failed")} className="text-danger">
          <CircleAlert size={14} aria-hidden />
        </span>
      )}
      {reminder && (
        <Suspense>
          <ReminderMark reminder={reminder} />
        </Suspense>
      )}
      {standing && <StandingMark t={t} mark={standing} />}
      <Promised ticket={row.ticket} now={now} />
      {waited > 0 && <Waited ms={waited} at={row.last_activity_at} />}
      {priority !== "normal" && <PriorityFlag priority={priority} label={t(`priority.${priority}`)} />}
      {assignee && <Avatar name={assignee.name} id={assignee.user_id} url={assignee.avatar_url} size={18} title={assignee.name} />}
      {row.unread > 0 && <Badge look="accent">{row.unread > 98 ? "99+" : row.unread}</Badge>}
    </span>
  );
}

const flags: Record<Priority, string> = { urgent: "text-danger", high: "text-warn", normal: "text-faint", low: "text-faint" };

/** A priority's flag. */
export function PriorityFlag({ priority, label }: { priority: Priority; label: string }) {
  return (
    <span title={label} className={flags[priority]}>
      <Flag size={13} aria-hidden fill={priority === "urgent" ? "currentColor" : "none"} />
    </span>
  );
}

/** What the row says by signs and colours only, in words for screen readers. */
function unseen(t: T, { row, failed, assignee, standing }: Shape, channel: string): string {
  const { ticket } = row;
  return [
    row.unread > 0 ? t("row.unread", { count: row.unread }) : "",
    t(`status.${ticket.status}`),
    ticket.priority === "normal" ? "" : t(`priority.${ticket.priority}`),
    assignee ? t("row.assignee", { name: assignee.name }) : "",
    failed ? t("row.failed") : "",
    standing ? toldWords(t, standing) : "",
    ticket.sla ? `${t("filter.sla")}: ${t(`sla.${ticket.sla}`)}` : "",
    channel,
  ]
    .filter(Boolean)
    .join(", ");
}
