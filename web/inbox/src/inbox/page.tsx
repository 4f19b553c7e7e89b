import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useRef, useState } from "react";
import { invoke, type Action } from "../actions/index.ts";
import { useSession } from "../api/session.ts";
import { listKey, listQuery } from "../list/query.ts";
import { Selection } from "../list/selection.ts";
import { useRows, useSelected } from "../list/use-selection.ts";
import { useLive } from "../live/context.tsx";
import { useRow } from "../live/hooks.ts";
import { focusSoon } from "../ui/focus-soon.ts";
import { useLatest } from "../ui/use-latest.ts";
import { useActionContext } from "./action-context.ts";
import { InboxContext, ListingContext, type Inbox, type Listing } from "./context.tsx";
import { DirectoryProvider } from "./directory.tsx";
import { Layout } from "./layout.tsx";
import { ComposerLink, Shown, ThreadLink } from "./links.ts";
import { Overlays, type Overlay } from "./overlays.tsx";
import type { InboxSearch } from "./search.ts";
import { useShortcuts } from "./shortcuts.ts";

/** The inbox: views and list left, the conversation in the middle with its composer, the customer right. */
export function InboxPage() {
  return (
    <DirectoryProvider>
      <Desk />
    </DirectoryProvider>
  );
}

/** The address as far as it says what the list shows. */
const listSearch = ({ c: _open, over: _over, ...rest }: InboxSearch) => rest;

function Desk() {
  const search = useSearch({ from: "/signed-in/" });
  const navigate = useNavigate({ from: "/" });
  const { desk } = useLive();
  const { zone } = useSession().user;
  const listed = useSearch({ from: "/signed-in/", select: listSearch, structuralSharing: true });
  const query = useMemo(() => listQuery(listed, zone), [listed, zone]);
  const open = Number(search.c ?? 0);
  const opened = useLatest(open);
  const row = useRow(open);
  const { history } = useRouter();
  const fromList = useRef(0); // the conversation that the step before led to, from the list of a phone
  const [shown] = useState(() => new Shown());
  const [composer] = useState(() => new ComposerLink());
  const [thread] = useState(() => new ThreadLink());
  const [selection] = useState(() => new Selection());
  const [overlay, setOverlay] = useState<Overlay>(null);

  const go = useCallback(
    (change: InboxSearch, options: { replace?: boolean } = {}) =>
      void navigate({ search: (now: InboxSearch) => ({ ...now, m: undefined, over: undefined, ...change }) as InboxSearch, replace: options.replace ?? false }),
    [navigate],
  );
  const show = useCallback(
    (id: number, focus = false) => {
      const wide = matchMedia("(min-width: 700px)").matches;
      if (!wide && !opened.current) fromList.current = id;
      go({ c: String(id) }, { replace: wide }); // on a phone, back leads to the list
      if (!focus) return;
      requestAnimationFrame(() => thread.settle());
      focusSoon("thread-title");
    },
    [go, opened, thread],
  );
  const close = useCallback(() => {
    const stepBack = opened.current !== 0 && fromList.current === opened.current;
    fromList.current = 0;
    if (stepBack) history.back();
    else go({ c: undefined } as unknown as InboxSearch);
  }, [go, history, opened]);

  /** Remembers where rows stand; afterwards, if the open one left the list with them, opens the one that took its place. */
  const leaving = useCallback(
    (...ids: number[]) => {
      const at = shown.ids().indexOf(open);
      const was = ids.includes(open);
      const listed = document.getElementById("conversation-list")?.contains(document.activeElement) ?? false;
      return () => {
        const left = new Set(desk.list(listKey(query))?.ids);
        const gone = new Set(ids.filter((id) => !left.has(id)));
        for (const id of gone) shown.drop(id);
        if (!was || !gone.has(open) || at < 0) return;
        const order = shown.ids();
        const above = order.slice(0, at).filter((id) => !gone.has(id)).length;
        const rest = order.filter((id) => !gone.has(id));
        const next = rest[Math.min(above, rest.length - 1)];
        if (matchMedia("(max-width: 699px)").matches || next === undefined) {
          close();
          focusSoon("conversation-list");
        } else show(next, !listed); // what was pressed is gone with its conversation
      };
    },
    [shown, open, desk, query, show, close],
  );

  const actions = useActionContext({ row, open, shown, composer, thread, selection, go, show, close, leaving, setOverlay });
  const invokeHere = useCallback((action: Action) => invoke(action, actions), [actions]);
  const selected = useRows(useSelected(selection).ids);
  const commands = useMemo(() => (selected.length > 0 ? { ...actions, selected } : actions), [actions, selected]);
  useShortcuts(commands);

  const reading = open !== 0;
  const { inbox: controls } = actions;
  const listing = useMemo((): Listing => ({ search: listed, query, go, selection, shown, reading, controls, composer }), [listed, query, go, selection, shown, reading, controls, composer]);
  const inbox = useMemo((): Inbox => ({ search, query, go, open, show, close, actions, commands, selection, invoke: invokeHere, shown, composer, thread }), [search, query, go, open, show, close, actions, commands, selection, invokeHere, shown, composer, thread]);

  return (
    <ListingContext.Provider value={listing}>
      <InboxContext.Provider value={inbox}>
        <Layout />
        <Overlays overlay={overlay} reach={inbox} onClose={() => setOverlay(null)} />
      </InboxContext.Provider>
    </ListingContext.Provider>
  );
}
