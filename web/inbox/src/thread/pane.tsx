import { lazy, memo, Suspense, useEffect, useState } from "react";
import { usePermission } from "../api/session.ts";
import type { Id } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";
import { useInbox } from "../inbox/context.tsx";
import { useLive } from "../live/context.tsx";
import { useRow, useThread } from "../live/hooks.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty.tsx";
import { Later, Skeleton } from "../ui/skeleton.tsx";
import { sentence, useToast } from "../ui/toast.tsx";
import { useLatest } from "../ui/use-latest.ts";
import { useAnnounce } from "./announce.ts";
import { DropZone } from "./drop-zone.tsx";
import { ThreadHeader } from "./header.tsx";
import { Log } from "./log.tsx";
import { Presence } from "./presence.tsx";

const Scheduled = lazy(() => import("./scheduled.tsx"));
const Supervision = lazy(() => import("./supervision.tsx"));
const FindBar = lazy(() => import("./find-bar.tsx"));
const Composer = lazy(() => import("../composer/composer.tsx"));

interface ThreadPaneProps {
  id: Id;
  phone: boolean;
  customerShown: boolean;
  /** The customer's sheet lies over it. */
  covered: boolean;
  onCustomer: () => void;
}

/** One conversation: who it is with, what was said, and where to answer. */
export default memo(function ThreadPane(props: ThreadPaneProps) {
  const { id } = props;
  const t = useT();
  const { desk } = useLive();
  const row = useRow(id);
  const thread = useThread(id);
  const { search, close, thread: link } = useInbox();
  const toast = useToast();
  const mayReply = usePermission("conversation.reply");
  const [failed, setFailed] = useState<{ id: Id; error: unknown } | null>(null);

  useEffect(() => {
    desk
      .needRow(id)
      .then(() => desk.threads.open(id))
      .catch((error: unknown) => setFailed({ id, error }));
    return () => desk.threads.leave(id);
  }, [desk, id]);

  // A message that an address leads to may stand above what was read first.
  const target = Number(search.m ?? 0);
  const [sought, setSought] = useState("");
  const place = `${id}:${target}`;
  const missed = useLatest(() => toast.say(t("thread.no_message")));
  useEffect(() => {
    if (!target) return;
    let here = true;
    void desk.threads.need(id, target).then(() => {
      if (!here) return;
      setSought(place);
      const read = desk.threads.of(id);
      if (read?.state === "ready" && !read.items.some(({ seq }) => seq === target)) missed.current();
    });
    return () => {
      here = false;
      setSought(""); // another time it may not be loaded any more
    };
  }, [desk, id, target, place, missed]);
  const there = !target || sought === place || (thread?.items.some(({ seq }) => seq === target) ?? false);

  const [finding, setFinding] = useState<Id>(0);
  useEffect(() => link.connect(() => {
    setFinding(id);
    const field = document.getElementById("find-here");
    if (field instanceof HTMLInputElement) field.select();
  }), [link, id]);
  const findEnded = () => {
    setFinding(0);
    document.querySelector<HTMLElement>("main [role=log]")?.focus();
  };

  useAnnounce(id);

  if (failed?.id === id && !row)
    return (
      <EmptyState title={<h2 id="thread-title" tabIndex={-1}>{t("thread.missing")}</h2>} actions={<Button onClick={close}>{t("do.back")}</Button>}>
        {sentence(t, failed.error).text}
      </EmptyState>
    );
  return (
    <DropZone onFind={link.find}>
      {row && <ThreadHeader row={row} phone={props.phone} customerShown={props.customerShown} onCustomer={props.onCustomer} />}
      {finding === id && (
        <Suspense>
          <FindBar key={id} id={id} shown={there ? target : 0} onClose={findEnded} />
        </Suspense>
      )}
      {thread?.state === "failed" ? (
        <div className="grid min-h-0 flex-1 place-items-center">
          <EmptyState title={t("thread.failed")} actions={<Button onClick={() => void desk.threads.open(id)}>{t("action.retry")}</Button>}>
            {sentence(t, thread.error).text}
          </EmptyState>
        </div>
      ) : thread?.state === "ready" && row && there ? (
        <Log key={id} id={id} channelKind={row.channel_kind} thread={thread} readSeqNow={row.concerns ? row.read_seq : row.last_seq} target={target} covered={props.covered} />
      ) : (
        <Bones />
      )}
      {row && thread?.state === "ready" && (
        <Suspense>
          <Scheduled key={id} row={row} />
        </Suspense>
      )}
      <Presence id={id} />
      {row && (
        <Suspense>
          <Supervision row={row} />
        </Suspense>
      )}
      {mayReply && row && (
        <Suspense fallback={<div className="h-36 shrink-0 border-t border-line" />}>
          <Composer row={row} phone={props.phone} />
        </Suspense>
      )}
    </DropZone>
  );
});

function Bones() {
  return (
    <div className="min-h-0 flex-1 overflow-hidden" aria-busy>
      <Later>
        <div className="flex h-full flex-col justify-end gap-4 p-4">
          {[56, 40, 64, 32].map((width, i) => (
            <Skeleton key={width} className={`h-12 rounded-lg ${i % 2 ? "self-end" : ""} ${["w-1/2", "w-2/5", "w-3/5", "w-1/3"][i]}`} />
          ))}
        </div>
      </Later>
    </div>
  );
}
