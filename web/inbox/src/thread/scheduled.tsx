import { useQuery, useQueryClient } from "@tanstack/react-query";
import { AlarmClock, CalendarClock } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { remindersQuery } from "../api/desk.ts";
import { forgetReminder, reschedule, scheduledQuery, sendNow, takeBack } from "../api/later.ts";
import { usePermission } from "../api/session.ts";
import type { Reminder, Row, Scheduled as Waiting } from "../api/types.ts";
import { useLanguage, useRoom, type Key, type T } from "../i18n/index.tsx";
import { useNow } from "../i18n/now.ts";
import { useInbox } from "../inbox/context.tsx";
import { useMember } from "../inbox/directory.tsx";
import { useLive } from "../live/context.tsx";
import { Button } from "../ui/button.tsx";
import { useToast } from "../ui/toast.tsx";
import { MessagePart } from "./parts.tsx";

const Rewording = lazy(() => import("./rewording.tsx"));
const ScheduleDialog = lazy(() => import("../composer/schedule-dialog.tsx"));

/** Replies that wait for their instant or came back, below what was said: whose, when, why, and the ways out (G4.10). */
export default function Scheduled({ row }: { row: Row }) {
  const { t } = useLanguage();
  const queries = useQueryClient();
  const { listen } = useLive();
  const { data = [] } = useQuery(scheduledQuery(row.id));
  const words = useRoom("later");
  const { data: reminders = [] } = useQuery(remindersQuery);
  const { id } = row;
  const reminder = reminders.find((one) => one.conversation_id === id && one.fired_at);
  useEffect(
    () =>
      listen(({ kind, conversation }) => {
        if (conversation?.id === id && (kind === "scheduled.changed" || kind === "message.created")) void queries.invalidateQueries({ queryKey: scheduledQuery(id).queryKey });
      }),
    [listen, queries, id],
  );
  if (!words || (data.length === 0 && !reminder)) return null;
  const askingFirst = data.toSorted((a, b) => Number(!a.returned_at) - Number(!b.returned_at));
  return (
    <>
      {reminder && <Reminded reminder={reminder} />}
      {data.length > 0 && (
        <ul aria-label={t("later.list")} className="flex max-h-[30dvh] shrink-0 flex-col gap-2 overflow-y-auto border-t border-line px-4 py-2">
          {askingFirst.map((one) => (
            <Line key={one.id} one={one} row={row} />
          ))}
        </ul>
      )}
    </>
  );
}

/** A reminder that has come, until it is put away. */
function Reminded({ reminder }: { reminder: Reminder }) {
  const { t } = useLanguage();
  const queries = useQueryClient();
  const toast = useToast();
  const { actions } = useInbox();
  const done = () => forgetReminder(reminder.conversation_id).then(() => queries.invalidateQueries({ queryKey: remindersQuery.queryKey }), toast.problem);
  return (
    <p className="flex shrink-0 flex-wrap items-center gap-2 border-t border-line bg-accent-soft px-4 py-1.5 text-sm">
      <AlarmClock size={14} aria-hidden />
      <span className="min-w-0 flex-1 wrap-anywhere">
        {t("later.reminder_due")} <bdi>{reminder.note}</bdi>
      </span>
      <Button size="sm" onClick={actions.inbox.remind}>
        {t("later.reminder_again")}
      </Button>
      <Button size="sm" look="primary" onClick={() => void done()}>
        {t("later.reminder_done")}
      </Button>
    </p>
  );
}

function Line({ one, row }: { one: Waiting; row: Row }) {
  const { t, format } = useLanguage();
  const now = useNow();
  const { desk } = useLive();
  const { composer } = useInbox();
  const queries = useQueryClient();
  const toast = useToast();
  const writer = useMember(one.user_id);
  const may = usePermission("conversation.reply");
  const mine = one.user_id === desk.me;
  const [timing, setTiming] = useState(false);
  const [editing, setEditing] = useState(false);
  const [busy, setBusy] = useState(false);
  const due = new Date(one.due_at);
  const returned = Boolean(one.returned_at);
  const run = async (what: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await what();
    } catch (error) {
      toast.problem(error);
    }
    await queries.invalidateQueries({ queryKey: scheduledQuery(row.id).queryKey });
    setBusy(false);
  };
  const back = async () => {
    const { parts, reply_to_id, returned_at } = await takeBack(one.id);
    if (returned_at) toast.say(t("later.taken_back"));
    else composer.restore(row.id, parts, reply_to_id ?? 0, true);
  };
  const link = `min-h-6 rounded px-1 font-medium underline disabled:opacity-50 ${returned ? "" : "text-ink"}`;
  const ways = (
    <>
      {mine && !one.undo && (
        <>
          {!returned && (
            <button type="button" disabled={busy || editing} className={link} onClick={() => setEditing(true)}>
              {t("later.edit")}
            </button>
          )}
          <button type="button" disabled={busy} className={link} onClick={() => setTiming(true)}>
            {t("later.change")}
          </button>
          <button type="button" disabled={busy} className={link} onClick={() => void run(async () => desk.threads.put(await sendNow(one.id)))}>
            {t("later.now")}
          </button>
        </>
      )}
      {may && (!returned || mine || one.orphaned) && (
        <button type="button" disabled={busy} className={link} onClick={() => void run(back)}>
          {t(one.undo ? "action.undo" : returned ? "later.to_composer" : "later.take_back")}
        </button>
      )}
    </>
  );
  return (
    <li className="flex flex-col items-end">
      <div className="flex max-w-[min(36rem,90%)] min-w-0 flex-col gap-1.5 rounded-lg border border-dashed border-strong-line bg-surface px-3 py-2 text-sm wrap-anywhere">
        {one.parts.map((part, i) => (
          // oxlint-disable-next-line react/no-array-index-key -- a part is its place
          !(editing && part.kind === "text") && <MessagePart key={i} part={part} />
        ))}
        {editing && (
          <Suspense>
            <Rewording one={one} onClose={() => setEditing(false)} />
          </Suspense>
        )}
      </div>
      <p className="mt-0.5 flex flex-wrap items-center justify-end gap-x-2 text-xs text-muted">
        {one.undo ? (
          <span>{t("composer.held")}</span>
        ) : (
          <span title={format.exact(due)} className="text-right">
            <CalendarClock size={13} aria-hidden className="mr-1 inline" />
            {t("later.by", { name: writer?.name ?? "", at: format.moment(due, now) })}
            {one.unless_answered && !one.answered && !returned && ` (${t("later.unless_short")})`}
          </span>
        )}
        {one.answered && <span className="text-danger">{t("later.answered")}</span>}
        {!returned && ways}
      </p>
      {returned && (
        <p role="alert" className="mt-1 flex flex-wrap items-center gap-x-2 rounded bg-danger-soft px-2 py-1 text-xs text-danger">
          <span>{why(t, one.reason)}</span>
          <span className="flex flex-wrap gap-x-2">{ways}</span>
        </p>
      )}
      {timing && (
        <Suspense>
          <ScheduleDialog row={row} now={one} onPick={(to) => void run(() => reschedule(one, to))} onClose={() => setTiming(false)} />
        </Suspense>
      )}
    </li>
  );
}

/** Why a reply came back; a reason that has no words of its own is told by what it means. */
function why(t: T, reason = ""): string {
  const key = `later.returned.${reason}` as Key;
  const said = t(key);
  return said === key ? t("later.returned") : said;
}
