import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { othersWork } from "../actions/index.ts";
import { usePermission, useSession } from "../api/session.ts";
import type { Id, Message, Row } from "../api/types.ts";
import { useLanguage, useT } from "../i18n/index.tsx";
import { useNow, useNowBy } from "../i18n/now.ts";
import { useInbox } from "../inbox/context.tsx";
import { useChannels, useMember, useSpecs } from "../inbox/directory.tsx";
import { usePreferences } from "../preferences/index.ts";
import { replyWindow } from "../standing/window.ts";
import { Confirm } from "../ui/dialog.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { closedFor, stateOf, worthWarning } from "./closed.ts";
import { Countdown } from "./countdown.tsx";
import { Counter } from "./counter.tsx";
import { PickList } from "./pick-list.tsx";
import type { Written } from "./preview.ts";
import { SendButton } from "./send-button.tsx";
import { enterSends } from "./send-key.ts";
import { Toolbar } from "./toolbar.tsx";
import { useComposer } from "./use-composer.ts";

const Warnings = lazy(async () => ({ default: (await import("./notices.tsx")).Warnings }));
const WhyClosed = lazy(async () => ({ default: (await import("./notices.tsx")).WhyClosed }));
const TemplateDialog = lazy(() => import("./template-dialog.tsx"));
const PreviewDialog = lazy(() => import("./preview-dialog.tsx"));
const ExactCounter = lazy(() => import("./exact-counter.tsx"));
const Answering = lazy(() => import("./answering.tsx"));
const ScheduleDialog = lazy(() => import("./schedule-dialog.tsx"));
const SnoozeUntil = lazy(() => import("../inbox/snooze-until.tsx"));
const ReplyTo = lazy(() => import("./reply-to.tsx"));
const VoicePanel = lazy(() => import("../voice/panel.tsx"));
const AttachmentTray = lazy(() => import("./attachment-tray.tsx"));

/** Where answers and notes are written. One editor serves all conversations. */
export default function Composer({ row, phone }: { row: Row; phone: boolean }) {
  const { t, rich, format } = useLanguage();
  const [preferences] = usePreferences();
  const { composer: shared } = useInbox();
  const channels = useChannels();
  const channel = channels.find((one) => one.id === row.channel_id);
  const spec = useSpecs().find((one) => one.kind === row.channel_kind);
  const capabilities = spec?.capabilities;
  const now = useNowBy(replyWindow(row.standing, spec?.window, useNow())?.until);
  const shut = closedFor(row, stateOf(row.channel_id, channels), spec, now);
  const host = useRef<HTMLDivElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [collision, setCollision] = useState<Message | null>(null);
  const [choosing, setChoosing] = useState(false);
  const [sleeping, setSleeping] = useState(false);
  const [timing, setTiming] = useState(false);
  const [speaking, setSpeaking] = useState(""); // where a voice message is being recorded
  const [previewed, setPreviewed] = useState<Written | null>(null);
  const links = !spec || spec.local ? "never" : channel?.files_as_links ? "always" : "offered";
  // A supervisor's note on somebody else's case is for them, unless it is said to be for all (E21).
  const { user } = useSession();
  const may = usePermission("conversation.monitor");
  const addressee = useMember(may && othersWork(row, user.id) ? row.ticket.assignee_id : 0);
  const [plain, setPlain] = useState<Id>(0);
  const c = useComposer({ row, host, capabilities, links, onCollision: setCollision, closed: shut !== null, whisper: addressee !== undefined && plain !== row.id });
  const note = c.mode === "note";
  const closed = note ? null : shut;

  const { addFiles, setMode, focus, answer, restore } = c;
  useEffect(
    () =>
      shared.connect({
        insertFiles: addFiles,
        offerTemplates: () => setChoosing(true),
        answer: (message) => {
          answer(message);
          focus();
        },
        restore,
        focus: (mode) => {
          setMode(mode);
          return focus();
        },
      }),
    [shared, addFiles, setMode, focus, answer, restore],
  );

  const modes = useMemo(
    () =>
      (["reply", "note"] as const).map((value) => ({
        value,
        label: (
          <>
            {t(`composer.${value}`)}
            {c.besides && value !== c.mode && <Drafted />}
          </>
        ),
      })),
    [t, c.besides, c.mode],
  );

  return (
    <section aria-label={t("pane.composer")} className="foot shrink-0 px-3 pb-3">
      <div className={`relative rounded-md border focus-within:border-accent ${note ? "border-note-line bg-note focus-within:border-note-line" : "border-strong-line bg-surface"}`}>
        <div className="flex flex-wrap items-center gap-2 px-2 pt-2">
          <Segmented label={t("composer.mode")} value={c.mode} onChange={c.setMode} options={modes} />
          {note && <span className="text-xs text-note-ink">{t("composer.note_hint")}</span>}
          {note && addressee && (
            <label className="flex min-h-6 items-center gap-1 text-xs text-note-ink">
              <input type="checkbox" checked={plain !== row.id} onChange={(event) => setPlain(event.target.checked ? 0 : row.id)} />
              {t("composer.whisper", { name: addressee.name })}
            </label>
          )}
          <span className="flex-1" />
          {!note && (
            <Suspense>
              <ReplyTo row={row} parts={() => c.write().parts} onCarried={c.clear} />
            </Suspense>
          )}
          {!closed && (
            <Suspense fallback={<Counter length={c.length} />}>
              {!note && capabilities?.segments ? <ExactCounter key={row.id} conversation={row.id} length={c.length} write={c.write} /> : <Counter length={c.length} />}
            </Suspense>
          )}
          {!note && <Countdown row={row} spec={spec} now={now} />}
        </div>
        {c.answers > 0 && (
          <Suspense fallback={<div className="h-13" />}>
            <Answering conversation={row.id} message={c.answers} onEnd={() => (c.answer(0), c.focus())} />
          </Suspense>
        )}
        {!note && !closed && worthWarning(row, channel) && (
          <Suspense>
            <Warnings row={row} channel={channel} />
          </Suspense>
        )}
        {closed && (
          <Suspense fallback={<div className="min-h-18" />}>
            <WhyClosed row={row} closed={closed} channel={channel} spec={spec} drafted={!c.empty} onTemplate={() => setChoosing(true)} />
          </Suspense>
        )}
        <div ref={host} hidden={closed !== null} className={`max-h-[40dvh] overflow-y-auto px-3 py-2 ${phone ? "min-h-12" : "min-h-18"}`} />
        <PickList picking={c.picking} />
        {!closed && speaking === c.place && (
          <Suspense>
            <VoicePanel
              key={c.place}
              capabilities={note ? undefined : capabilities}
              onAttach={(file) => c.addFiles([file], true)}
              onSend={c.speak}
              onClose={() => (setSpeaking(""), focus())}
            />
          </Suspense>
        )}
        {!closed && c.uploads.length > 0 && (
          <Suspense>
            <AttachmentTray uploads={c.uploads} ways={c.ways} onLink={c.linkUpload} onRemove={c.removeUpload} onRetry={c.retryUpload} />
          </Suspense>
        )}
        {!closed && (
          <div className="flex items-end gap-1 px-1.5 pb-1.5">
            <Toolbar
              c={c}
              note={note}
              marks={capabilities?.marks ?? []}
              phone={phone}
              onPick={() => picker.current?.click()}
              onSpeak={() => setSpeaking(c.place)}
              onPreview={!note && spec?.local === false ? () => setPreviewed(c.write()) : undefined}
            />
            {!phone && <span className="hidden min-w-0 truncate px-1 text-2xs text-faint 2xl:inline">{t(enterSends(preferences.send_key) ? "composer.enter_sends" : "composer.mod_sends")}</span>}
            <SendButton note={note} decides={c.mayDecide} busy={c.waiting} disabled={c.empty || c.length.is === "over"} onSend={c.send} onSchedule={() => setTiming(true)} onSnooze={(until) => (until ? c.sendSnoozed(until) : setSleeping(true))} />
          </div>
        )}
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            c.addFiles([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
      </div>
      {previewed && (
        <Suspense>
          <PreviewDialog conversation={row.id} written={previewed} onClose={() => setPreviewed(null)} />
        </Suspense>
      )}
      {timing && (
        <Suspense>
          <ScheduleDialog row={row} onPick={(at) => c.sendLater(at)} onClose={() => setTiming(false)} />
        </Suspense>
      )}
      {sleeping && (
        <Suspense>
          <SnoozeUntil onPick={c.sendSnoozed} onClose={() => setSleeping(false)} />
        </Suspense>
      )}
      {choosing && (
        <Suspense>
          <TemplateDialog row={row} capabilities={capabilities} onClose={() => setChoosing(false)} />
        </Suspense>
      )}
      <Confirm
        open={collision !== null}
        onOpenChange={(open) => !open && setCollision(null)}
        title={rich("composer.collision", { name: <bdi>{collision?.author.name ?? ""}</bdi> })}
        description={t("composer.collision_hint")}
        confirm={t("composer.send_anyway")}
        onConfirm={() => {
          setCollision(null);
          c.sendAnyway();
        }}
      >
        {collision && (
          <blockquote className="my-2 border-l-2 border-accent-line pl-3 text-sm">
            <p className="text-xs text-muted">{format.time(new Date(collision.at))}</p>
            <p className="line-clamp-4 whitespace-pre-wrap">{(collision.parts ?? []).map((part) => part.text ?? part.attachment?.name ?? "").join("\n")}</p>
          </blockquote>
        )}
      </Confirm>
    </section>
  );
}

/** Says that something is written there, too. */
function Drafted() {
  const t = useT();
  return (
    <>
      <span aria-hidden className="size-1.5 rounded-full bg-accent" />
      <span className="sr-only">{t("composer.drafted")}</span>
    </>
  );
}
