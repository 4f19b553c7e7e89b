import { ArrowDown } from "lucide-react";
import { lazy, startTransition, Suspense, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { markRead } from "../api/desk.ts";
import type { Attachment, Id } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useInbox } from "../inbox/context.tsx";
import { useMember } from "../inbox/directory.tsx";
import { useLive } from "../live/context.tsx";
import { useOutgoing } from "../live/hooks.ts";
import { lastSeq, readWithin, type Thread } from "../live/threads.ts";
import { useMediaQuery } from "../ui/media-query.ts";
import { Spinner } from "../ui/spinner.tsx";
import { whenIdle } from "../ui/idle.ts";
import { useLatest } from "../ui/use-latest.ts";
import { anchorIn, holdTo, type Anchor } from "./anchor.ts";
import { Bubble } from "./bubble.tsx";
import { DayLine, UnreadLine } from "./dividers.tsx";
import { byDay, entries, inSightFirst } from "./entries.ts";
import { Heard } from "./heard.tsx";
import { LightboxContext } from "./lightbox-context.ts";
import { lookedAt } from "./looked-at.ts";
import { OutgoingBubble } from "./outgoing.tsx";
import { SystemLines } from "./system-line.tsx";

const Lightbox = lazy(() => import("./lightbox.tsx"));

const nearTop = 400;
const nearBottom = 48;
/** So high are the entries of a thread on average at least, px. */
const rowAtLeast = 60;
/** Who stays with a conversation for so long has more of it drawn than is in sight, ms. */
const restMs = 250;
/** So many entries more are drawn at a time. */
const drawnAtOnce = 50;

interface LogProps {
  id: Id;
  channelKind: string;
  thread: Thread;
  /** How far the viewer has read by now. */
  readSeqNow: number;
  /** Seq of a message to show, 0 for none. */
  target: number;
  /** The customer's sheet lies over it: nobody reads it (G2.7). */
  covered: boolean;
}

/** What was said, oldest first. It stays at the bottom only while the viewer is there. */
export function Log({ id, channelKind, thread, readSeqNow, target, covered }: LogProps) {
  const { t, format } = useLanguage();
  const { desk } = useLive();
  const { go } = useInbox();
  const outgoing = useOutgoing(id);
  const me = useMember(desk.me);
  const [readSeq] = useState(readSeqNow); // the unread line stays where it was at opening
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const [atBottom, setAtBottom] = useState(true);
  const [leftAt, setLeftAt] = useState(0);
  const finger = useMediaQuery("(pointer: coarse)");
  const [picture, setPicture] = useState<{ id: Id; from: HTMLElement } | null>(null);

  const [now] = useState(() => new Date());
  const all = useMemo(() => entries(thread.items, readWithin(thread, readSeq), (at) => -format.daysBefore(at, now)), [thread, readSeq, format, now]);
  // What is in sight is drawn first, the rest in steps once the viewer stays: who steps on does not wait for what they pass.
  const screen = Math.ceil(innerHeight / rowAtLeast);
  const [more, setMore] = useState(() => (all.length > screen ? 0 : Infinity)); // what was drawn whole stays whole
  const drawn = useMemo(() => (target ? all : inSightFirst(all, screen, more)), [all, screen, more, target]);
  const days = useMemo(() => byDay(drawn), [drawn]);
  const partly = drawn.length < all.length;
  const cut = drawn.at(-1) !== all.at(-1); // its end is not drawn yet
  const next = more + drawnAtOnce + screen < all.length ? more + drawnAtOnce : Infinity;
  const drawMore = useCallback(() => startTransition(() => setMore(next)), [next]);
  useEffect(() => {
    if (more === Infinity) return;
    let callOff = () => {};
    const rested = setTimeout(() => (callOff = whenIdle(drawMore)), more === 0 ? restMs : 0);
    return () => {
      clearTimeout(rested);
      callOff();
    };
  }, [more, drawMore]);
  const sentIds = useMemo(() => new Set(thread.items.map((message) => message.client_id).filter(Boolean)), [thread.items]);
  const pending = outgoing.filter((one) => !sentIds.has(one.message.client_id));
  if (cut && pending.length > 0) setMore(Infinity); // it stands below all others
  const newest = lastSeq(thread);
  const atEnd = atBottom && !thread.newer && !cut;
  const unseen = thread.newer ? thread.fresh : atBottom ? 0 : thread.items.filter((message) => message.seq > leftAt && !message.system).length;

  const wasAt = useRef(0); // where it was scrolled to before
  const toBottom = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    box.scrollTop = box.scrollHeight;
    wasAt.current = box.scrollTop;
  }, []);

  const anchor = useRef<Anchor | null>(null);
  // Where to begin: at a wanted message, at the unread line if the unread fill more than a screen, else at the end.
  const begun = useRef(false);
  const toEnd = useRef(thread.wanted === "end");
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box || (begun.current && !target)) return;
    begun.current = true;
    anchor.current = null;
    const wanted = target ? document.getElementById(`m-${target}`) : null;
    const line = toEnd.current ? null : document.getElementById("unread-line");
    if (wanted) {
      wanted.scrollIntoView({ block: "center" });
      stuck.current = false;
    } else if (line && (cut || box.scrollHeight - line.offsetTop > box.clientHeight)) {
      box.scrollTop = line.offsetTop - 24;
      anchor.current = anchorIn(box);
      stuck.current = false;
    } else toBottom();
  }, [target, cut, toBottom]);

  // What comes or goes above does not move what is being read.
  const hold = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    if (stuck.current) toBottom();
    else if (anchor.current) holdTo(anchor.current, box);
  }, [toBottom]);
  useLayoutEffect(() => {
    if (!stuck.current) hold();
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- again whenever others are loaded
  }, [hold, drawn]);

  useEffect(() => {
    const inside = content.current;
    if (!inside) return;
    const grown = new ResizeObserver(hold);
    grown.observe(inside);
    if (scroller.current) grown.observe(scroller.current);
    return () => grown.disconnect();
  }, [hold]);

  const latest = useCallback(() => {
    if (!thread.newer) {
      if (cut) flushSync(() => setMore(Infinity));
      return toBottom();
    }
    go({}, { replace: true }); // the address led into the past
    void desk.threads.toEnd(id);
  }, [thread.newer, cut, toBottom, go, desk, id]);

  const showSent = useLatest(latest);
  useLayoutEffect(() => {
    if (pending.length > 0) {
      stuck.current = true; // what one sends oneself is shown
      showSent.current();
    }
  }, [pending.length, showSent]);

  const scrolledTo = () => {
    const box = scroller.current;
    if (!box) return;
    const below = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (box.scrollTop < nearTop && drawn[1] === all[1]) void desk.threads.older(id); // the first is their day, wherever they begin
    else if (partly && (box.scrollTop < nearTop || below < nearTop)) drawMore();
    const bottom = !cut && below < nearBottom;
    const up = box.scrollTop < wasAt.current;
    wasAt.current = box.scrollTop;
    if (stuck.current && !cut && !bottom && !up) return toBottom(); // it grew before this event came: the viewer went nowhere
    anchor.current = anchorIn(box);
    stuck.current = bottom && !thread.newer;
    if (bottom) desk.threads.trim(id);
    if (thread.newer && !cut && below < nearTop) void desk.threads.newer(id);
    if (bottom !== atBottom) {
      setAtBottom(bottom);
      if (!bottom) setLeftAt(newest);
    }
  };

  // A short first page may not fill the pane.
  useEffect(() => {
    const box = scroller.current;
    if (box && !partly && box.scrollHeight <= box.clientHeight + nearTop) void desk.threads.older(id);
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- again after each page
  }, [desk, id, thread.items, partly]);

  useReading(id, thread, atEnd && !covered && !picture);

  const files = useMemo(() => thread.items.flatMap((message) => (message.parts ?? []).flatMap((part): Attachment[] => (part.kind === "image" && part.attachment ? [part.attachment] : []))), [thread.items]);
  const openPicture = useCallback((attachment: Id, from: HTMLElement) => setPicture({ id: attachment, from }), []);

  return (
    <LightboxContext.Provider value={openPicture}>
      <div className="relative min-h-0 flex-1">
        <div
          ref={scroller}
          onScroll={scrolledTo}
          role="log"
          aria-label={t("thread.log")}
          aria-live="off" // what is loaded above is not read aloud: Heard says what is new
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard
          tabIndex={0}
          className="h-full overflow-y-auto overscroll-contain pb-3 [overflow-anchor:none] focus-visible:-outline-offset-2"
        >
          <div ref={content} className="flex min-h-full flex-col justify-end">
            <div className="grid h-10 place-items-center text-faint">{thread.more ? <Spinner /> : !thread.older && <span className="text-xs">{t("thread.beginning")}</span>}</div>
            {days.map((day) => (
              <div key={day.key} className="flex flex-col">
                <DayLine at={day.at} />
                {day.shows.map((entry) => {
                  switch (entry.kind) {
                    case "unread":
                      return <UnreadLine key={entry.key} />;
                    case "system":
                      return <SystemLines key={entry.key} messages={entry.messages} />;
                    case "message":
                      return <Bubble key={entry.key} message={entry.message} first={entry.first} last={entry.last} seen={thread.seen} flash={entry.message.seq === target} channelKind={channelKind} finger={finger} />;
                  }
                })}
              </div>
            ))}
            {pending.map((one) => (
              <OutgoingBubble key={one.message.client_id} outgoing={one} author={me} />
            ))}
          </div>
        </div>
        <Heard thread={thread} />
        {!atEnd && (
          <button
            type="button"
            onClick={latest}
            className={`absolute bottom-3 left-1/2 inline-flex min-h-8 -translate-x-1/2 items-center gap-1.5 rounded-full border px-3 text-xs shadow-pop ${unseen > 0 ? "border-transparent bg-accent-fill font-medium text-on-accent" : "border-line bg-raised text-muted hover:text-ink"}`}
          >
            <ArrowDown size={14} aria-hidden />
            {unseen > 0 ? t("thread.fresh", { count: unseen }) : t("thread.latest")}
          </button>
        )}
      </div>
      {picture && (
        <Suspense>
          <Lightbox files={files} start={picture.id} from={picture.from} onClose={() => setPicture(null)} />
        </Suspense>
      )}
    </LightboxContext.Provider>
  );
}

/** Reading = conversation open, tab focused, last message visible for a second (G2.7). */
function useReading(id: Id, thread: Thread, shown: boolean): void {
  const { desk } = useLive();
  const newest = lastSeq(thread);
  useEffect(() => {
    if (!shown || newest === 0) return;
    return lookedAt(() => {
      const row = desk.row(id);
      if (!row || row.read_seq >= newest) return;
      const before = row.read_seq;
      desk.readUpTo(id, newest);
      markRead(id, newest).catch(() => desk.readUpTo(id, before));
    });
  }, [desk, id, newest, shown]);
}
