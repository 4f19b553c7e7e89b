import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, useSyncExternalStore, type ReactNode } from "react";
import { countsQuery, channelsQuery, membersQuery, specsQuery, tagsQuery, teamsQuery } from "../api/desk.ts";
import { sessionQuery, useSession } from "../api/session.ts";
import { keep, type Snapshot } from "../api/snapshot.ts";
import type { Board, Id, SavedSize, Session, Team } from "../api/types.ts";
import { useLatest } from "../ui/use-latest.ts";
import { ownZone } from "../i18n/zones.ts";
import { seenKey } from "../app/enter.ts";
import { Desk } from "./desk.ts";
import type { Patch } from "./frames.ts";
import { Input } from "./idle.ts";
import { browserShelf, Sender, type Outgoing } from "./sender.ts";
import { share } from "./share.ts";
import { LiveSocket, type Connection } from "./socket.ts";

export type Listener = (patch: Patch) => void;

interface Live {
  desk: Desk;
  sender: Sender;
  /** Says what the viewer looks at; repeated while it lasts. */
  view: (conversation: Id, typing: boolean, mode: "reply" | "note") => void;
  connection: () => Connection;
  watchConnection: (watcher: () => void) => () => void;
  /** Tries to connect at once. */
  reconnect: () => void;
  /** Hears every live patch after it was applied: notifications, sounds. */
  listen: (listener: Listener) => () => void;
  watchSending: (watcher: () => void) => () => void;
  /** Hears of what the server refuses, wherever the viewer looks by then. */
  hearRefused: (hear: (refused: Outgoing) => void) => () => void;
  /** Hears the supervisors' board anew whenever it changed, as long as somebody listens. */
  watchBoard: (hear: (board: Board) => void) => () => void;
  /** Hears how large these saved views are whenever that changed, until somebody else asks or it is ended. */
  watchSaved: (views: Id[], hear: (sizes: SavedSize[]) => void) => () => void;
}

const LiveContext = createContext<Live | null>(null);

/** Connects everything below with the desk as it changes. */
export function LiveProvider({ onSignedOut, children }: { onSignedOut: () => void; children: ReactNode }) {
  const session = useSession();
  const queries = useQueryClient();
  const me = session.user.id;
  const zone = session.user.zone || ownZone(); // where the list's days begin
  const workspace = session.workspace.id;
  const signedOut = useLatest(onSignedOut);
  const { live, socket, input } = useMemo(() => connect(me, zone, `${workspace}.${me}`, queries, () => signedOut.current()), [me, zone, workspace, queries, signedOut]);

  useEffect(() => {
    queries.removeQueries({ queryKey: seenKey }); // only now: a first rendering may be thrown away
    input.start();
    socket.start();
    return () => {
      socket.stop();
      input.stop();
    };
  }, [socket, input, queries]);

  useEffect(() => {
    const leave = () => document.visibilityState === "hidden" && remember(live.desk, queries);
    const unload = () => remember(live.desk, queries);
    document.addEventListener("visibilitychange", leave);
    window.addEventListener("pagehide", unload);
    return () => {
      document.removeEventListener("visibilitychange", leave);
      window.removeEventListener("pagehide", unload);
    };
  }, [live, queries]);

  return <LiveContext.Provider value={live}>{children}</LiveContext.Provider>;
}

function connect(me: Id, zone: string, shelf: string, queries: QueryClient, signedOut: () => void) {
  const desk = new Desk(me);
  const seen = queries.getQueryData<Snapshot>(seenKey);
  if (seen) desk.recall(seen.lists, seen.rows);
  const input = new Input();
  const listeners = new Set<Listener>();
  const sending = new Set<() => void>();
  const watchers = new Set<() => void>();
  const refusals = new Set<(refused: Outgoing) => void>();
  const boards = new Set<(board: Board) => void>();
  let saved: { views: Id[]; hear: (sizes: SavedSize[]) => void } | null = null;
  let connection: Connection = "connecting";
  const joins = (team: Team | undefined) => Boolean(team?.member_ids?.includes(me));

  const sender = new Sender(browserShelf(shelf), {
    changed: () => {
      for (const watcher of sending) watcher();
    },
    sent: (message) => {
      desk.threads.put(message);
      desk.flush();
    },
    failed: (refused) => {
      for (const hear of refusals) hear(refused);
    },
  });

  const socket = new LiveSocket(
    `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/live`,
    {
      ready: (first) => {
        if (first) void reread(desk, queries); // what was read before we followed may have changed unseen
        if (boards.size > 0) socket.send({ type: "board", open: true });
        if (saved) socket.send({ type: "views", views: saved.views, zone });
        sender.resume();
      },
      reset: () => {
        void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
        void reread(desk, queries);
      },
      patch: (patch) => {
        desk.apply(patch);
        if (patch.team && joins(patch.team) !== joins(queries.getQueryData(teamsQuery.queryKey)?.find(({ id }) => id === patch.team?.id))) void desk.reread(); // its queue is news to the viewer now, or no more (G2.7)
        share(patch, me, queries);
        for (const listener of listeners) listener(patch);
      },
      viewing: (viewing) => desk.putViewing(viewing),
      board: (board) => {
        for (const hear of boards) hear(board);
      },
      saved: (sizes) => saved?.hear(sizes),
      connection: (state) => {
        connection = state === "connecting" && connection === "offline" ? "offline" : state;
        for (const watcher of watchers) watcher();
      },
      signedOut,
    },
    () => input.idle(queries.getQueryData<Session>(sessionQuery.queryKey)?.workspace.idle_minutes ?? 10),
  );

  const live: Live = {
    desk,
    sender,
    view: (conversation, typing, mode) => socket.send({ type: "view", conversation_id: conversation, typing, mode }),
    connection: () => connection,
    watchConnection: (watcher) => added(watchers, watcher),
    reconnect: () => socket.now(),
    listen: (listener) => added(listeners, listener),
    watchSending: (watcher) => added(sending, watcher),
    hearRefused: (hear) => added(refusals, hear),
    watchBoard: (hear) => {
      const end = added(boards, hear);
      socket.send({ type: "board", open: true });
      return () => {
        end();
        if (boards.size === 0) socket.send({ type: "board", open: false });
      };
    },
    watchSaved: (views, hear) => {
      const mine = (saved = { views, hear });
      socket.send({ type: "views", views, zone });
      return () => {
        if (saved !== mine) return;
        saved = null;
        socket.send({ type: "views", views: [], zone });
      };
    },
  };
  return { live, socket, input };
}

function added<V>(set: Set<V>, value: V): () => void {
  set.add(value);
  return () => void set.delete(value);
}

const keptLists = 3;
const keptRows = 40;
const keptQueries = [membersQuery, teamsQuery, tagsQuery, channelsQuery, specsQuery, countsQuery].map(({ queryKey }) => queryKey);

/** Keeps what is on screen for the next load of the page, once the server has said whose it is. */
function remember(desk: Desk, queries: QueryClient): void {
  const session = queries.getQueryData<Session>(sessionQuery.queryKey);
  if (!session?.csrf) return;
  const known = keptQueries.flatMap((queryKey) => {
    const data = queries.getQueryData<unknown>(queryKey);
    return data === undefined ? [] : [{ key: String(queryKey[0]), data }];
  });
  keep({ session, queries: known, ...desk.seen(keptLists, keptRows) });
}

async function reread(desk: Desk, queries: QueryClient): Promise<void> {
  await Promise.all([desk.reread(), queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" })]);
}

/** The live desk; only below LiveProvider. */
export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error("useLive outside of LiveProvider");
  return live;
}

/** How the connection stands. */
export function useConnection(): Connection {
  const { watchConnection, connection } = useLive();
  return useSyncExternalStore(watchConnection, connection);
}
