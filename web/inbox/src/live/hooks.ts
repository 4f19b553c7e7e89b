import { useCallback, useSyncExternalStore } from "react";
import type { Id, Row } from "../api/types.ts";
import { useLive } from "./context.tsx";
import type { Viewing } from "./frames.ts";
import type { List } from "./lists.ts";
import type { Outgoing } from "./sender.ts";
import type { Thread } from "./threads.ts";

function useTopic<V>(topic: string, read: () => V): V {
  const { desk } = useLive();
  const watch = useCallback((watcher: () => void) => desk.watch(topic, watcher), [desk, topic]);
  return useSyncExternalStore(watch, read);
}

/** A row as it is now. */
export function useRow(id: Id): Row | undefined {
  const { desk } = useLive();
  return useTopic(`row:${id}`, () => desk.row(id));
}

/** Something of a row: who asks for a name only is not drawn anew with each message. */
export function useOfRow<V extends string | number | boolean | undefined>(id: Id, read: (row: Row | undefined) => V): V {
  const { desk } = useLive();
  return useTopic(`row:${id}`, () => read(desk.row(id)));
}

/** A list as far as it is loaded. */
export function useList(key: string): List | undefined {
  const { desk } = useLive();
  return useTopic(`list:${key}`, () => desk.list(key));
}

/** A conversation's messages as far as they are loaded. */
export function useThread(id: Id): Thread | undefined {
  const { desk } = useLive();
  return useTopic(`thread:${id}`, () => desk.threads.of(id));
}

/** Who else looks at a conversation. */
export function useViewing(id: Id): Viewing | undefined {
  const { desk } = useLive();
  return useTopic(`viewing:${id}`, () => desk.viewing(id));
}

/** Whether the server refused something that the viewer sent in a conversation. */
export function useRefused(id: Id): boolean {
  const { sender, watchSending } = useLive();
  return useSyncExternalStore(watchSending, () => sender.refused(id));
}

/** What is on its way in a conversation. */
export function useOutgoing(id: Id): readonly Outgoing[] {
  const { sender, watchSending } = useLive();
  return useSyncExternalStore(watchSending, () => sender.of(id));
}
