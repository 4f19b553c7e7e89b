import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import type { ActionContext } from "../actions/index.ts";
import { teamsQuery } from "../api/desk.ts";
import type { Id } from "../api/types.ts";
import { Selection } from "../list/selection.ts";
import { focusSoon } from "../ui/focus-soon.ts";
import { useActionContext } from "./action-context.ts";
import { ComposerLink, Shown, ThreadLink } from "./links.ts";
import { Overlays, type Overlay } from "./overlays.tsx";
import type { InboxSearch } from "./search.ts";
import { useShortcuts } from "./shortcuts.ts";

const nothing = () => {};
const stays = () => nothing;

/** The keys, the palette and the help on the pages beside the inbox: what goes somewhere leads there from everywhere. */
export default function Elsewhere() {
  const navigate = useNavigate();
  const [overlay, setOverlay] = useState<Overlay>(null);
  const [empty] = useState(() => ({ shown: new Shown(), composer: new ComposerLink(), thread: new ThreadLink(), selection: new Selection() }));
  const { data: teams } = useQuery({ ...teamsQuery, enabled: overlay !== null }); // the palette offers their queues

  const go = useCallback((change: InboxSearch) => void navigate({ to: "/", search: change }), [navigate]);
  const show = useCallback(
    (id: Id, focus = false) => {
      go({ view: "all", c: String(id) });
      if (focus) focusSoon("thread-title");
    },
    [go],
  );
  const base = useActionContext({ ...empty, row: undefined, open: 0, go, show, close: nothing, leaving: stays, setOverlay });
  const context = useMemo((): ActionContext => ({ ...base, elsewhere: true, teams: teams ?? base.teams }), [base, teams]);
  useShortcuts(context);
  const reach = useMemo(() => ({ actions: context, commands: context, show, go }), [context, show, go]);
  return <Overlays overlay={overlay} reach={reach} onClose={() => setOverlay(null)} />;
}
