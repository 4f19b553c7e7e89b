import { lazy, Suspense, useLayoutEffect, useRef } from "react";
import { useLatest } from "../ui/use-latest.ts";
import type { Inbox } from "./context.tsx";
import { holdKeys } from "./held-keys.ts";

/** What lies over the inbox: one at a time, each a chunk of its own. */
export type Overlay = { kind: "palette"; action: string | undefined; many: boolean } | { kind: "help" } | { kind: "snooze"; many: boolean } | { kind: "transfer" } | { kind: "delete_ticket" } | { kind: "merge_ticket" } | { kind: "macro" } | { kind: "remind" } | null;

const Palette = lazy(() => import("../palette/palette.tsx"));
const Help = lazy(() => import("./help.tsx"));
const SnoozeShown = lazy(() => import("./snooze-shown.tsx"));
const DeleteTicket = lazy(() => import("./delete-ticket.tsx"));
const RunMacro = lazy(() => import("../macros/run-macro.tsx"));
const MergeTicket = lazy(() => import("./merge-ticket.tsx"));
const Remind = lazy(() => import("./remind.tsx"));
const TransferWithNote = lazy(() => import("./transfer-with-note.tsx"));

/** What the palette does, and where what it finds is opened. */
export type Reach = Pick<Inbox, "actions" | "commands" | "show" | "go">;

/** Shows what lies over the inbox, or over another page. */
export function Overlays({ overlay, reach, onClose }: { overlay: Overlay; reach: Reach; onClose: () => void }) {
  const held = useRef((): string => "");
  const end = useLatest(onClose);
  const opened = overlay !== null;
  useLayoutEffect(() => {
    if (!opened) return;
    const { typed, stop } = holdKeys(() => end.current());
    held.current = typed;
    return stop;
  }, [opened, end]);
  return (
    <Suspense>
      {overlay?.kind === "palette" && <Palette start={overlay.action} held={held} many={overlay.many} reach={reach} onClose={onClose} />}
      {overlay?.kind === "help" && <Help onClose={onClose} />}
      {overlay?.kind === "snooze" && <SnoozeShown many={overlay.many} onClose={onClose} />}
      {overlay?.kind === "delete_ticket" && <DeleteTicket onClose={onClose} />}
      {overlay?.kind === "macro" && <RunMacro onClose={onClose} />}
      {overlay?.kind === "merge_ticket" && <MergeTicket onClose={onClose} />}
      {overlay?.kind === "remind" && <Remind onClose={onClose} />}
      {overlay?.kind === "transfer" && <TransferWithNote onClose={onClose} />}
    </Suspense>
  );
}
