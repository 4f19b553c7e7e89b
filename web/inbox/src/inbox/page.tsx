import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { invoke, type Action } from "../actions/index.ts";
import { listKey, listQuery } from "../list/query.ts";
import { useLive } from "../live/context.tsx";
import { useRow } from "../live/hooks.ts";
import { useActionContext } from "./action-context.ts";
import { InboxContext, type Inbox } from "./context.tsx";
import { DirectoryProvider } from "./directory.tsx";
import { Layout } from "./layout.tsx";
import { ComposerLink, Shown } from "./links.ts";
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

function Desk() {
  const search = useSearch({ from: "/signed-in/" });
  const navigate = useNavigate({ from: "/" });
  const { desk } = useLive();
  const query = useMemo(() => listQuery(search), [search]);
  const open = Number(search.c ?? 0);
  const row = useRow(open);
  const [shown] = useState(() => new Shown());
  const [composer] = useState(() => new ComposerLink());
  const [overlay, setOverlay] = useState<Overlay>(null);

  const go = useCallback(
    (change: InboxSearch, options: { replace?: boolean } = {}) =>
      void navigate({ search: (now: InboxSearch) => ({ ...now, m: undefined, ...change }) as InboxSearch, replace: options.replace ?? false }),
    [navigate],
  );
  const show = useCallback(
    (id: number, focus = false) => {
      const wide = matchMedia("(min-width: 700px)").matches;
      go({ c: String(id) }, { replace: wide }); // on a phone, back leads to the list
      if (focus) requestAnimationFrame(() => document.getElementById("thread-title")?.focus());
    },
    [go],
  );
  const close = useCallback(() => go({ c: undefined } as unknown as InboxSearch), [go]);

  /** Remembers where a row stands; afterwards, if it left the list while open, opens the one that took its place. */
  const leaving = useCallback(
    (id: number) => {
      const at = shown.ids().indexOf(id);
      const was = open === id;
      return () => {
        const gone = !desk.list(listKey(query))?.ids.includes(id);
        if (!gone) return;
        shown.drop(id);
        if (!was || at < 0) return;
        const rest = shown.ids().filter((one) => one !== id);
        const next = rest[Math.min(at, rest.length - 1)];
        if (matchMedia("(max-width: 699px)").matches || next === undefined) close();
        else show(next);
      };
    },
    [shown, open, desk, query, show, close],
  );

  const actions = useActionContext({ row, open, shown, composer, go, show, close, leaving, setOverlay });
  const invokeHere = useCallback((action: Action) => invoke(action, actions), [actions]);
  useShortcuts(actions);

  const inbox = useMemo((): Inbox => ({ search, query, go, open, show, close, actions, invoke: invokeHere, shown, composer }), [search, query, go, open, show, close, actions, invokeHere, shown, composer]);

  return (
    <InboxContext.Provider value={inbox}>
      <Layout />
      <Overlays overlay={overlay} onClose={() => setOverlay(null)} />
    </InboxContext.Provider>
  );
}
