import { useEffect } from "react";
import { useSession } from "../api/session.ts";
import type { Id, Message } from "../api/types.ts";
import { useLive } from "../live/context.tsx";
import { dropThread, dropThreads, keepThreads, recallThread } from "./store.ts";

const keepEveryMs = 3_000;

/** Keeps the conversations that were read in this tab, so that they can be read without a network; what the member loses goes (J4). */
export function useOffline(): void {
  const { desk, listen } = useLive();
  const { member, permissions, workspace, user } = useSession();
  const owner = `${workspace.id}.${user.id}`;

  useEffect(() => {
    desk.threads.readOffline(recallThread);
    const kept = new Map<Id, readonly Message[]>();
    const keep = () => {
      const news = desk.threads.readable().filter(({ id, items }) => kept.get(id) !== items);
      if (news.length === 0) return;
      for (const { id, items } of news) kept.set(id, items);
      void keepThreads(news, owner).catch(() => {}); // no room, or a private window: nothing is kept
    };
    const hidden = () => document.visibilityState === "hidden" && keep();
    const timer = setInterval(keep, keepEveryMs);
    document.addEventListener("visibilitychange", hidden);
    window.addEventListener("pagehide", keep);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", hidden);
      window.removeEventListener("pagehide", keep);
    };
  }, [desk, owner]);

  useEffect(
    () =>
      listen(({ kind, subject_id }) => {
        if (kind === "conversation.deleted" && subject_id) void dropThread(subject_id).catch(() => {});
      }),
    [listen],
  );

  const sight = `${member.role} ${member.scope} ${permissions.join()}`;
  useEffect(() => {
    const seen = `madoguchi.sight.${owner}`;
    const before = localStorage.getItem(seen);
    localStorage.setItem(seen, sight);
    if (before !== null && before !== sight) void dropThreads().catch(() => {});
  }, [owner, sight]);
}
