import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Pencil, Trash2, type LucideIcon } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { orderSavedViews, removeSavedView, savedViewsQuery } from "../api/saved.ts";
import type { SavedView } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";
import { cleared } from "../inbox/action-context.ts";
import { useListing } from "../inbox/context.tsx";
import { useTeams } from "../inbox/directory.tsx";
import { tagColors } from "../ui/badge.tsx";
import { IconButton } from "../ui/button.tsx";
import { Confirm, Dialog } from "../ui/dialog.tsx";
import { useToast } from "../ui/toast.tsx";
import SavedForm from "./form.tsx";
import { iconOf } from "./icons.ts";

/** The views that the viewer may change: renamed, deleted, and moved by buttons or by Alt and an arrow. */
export default function Manage({ onClose }: { onClose: () => void }) {
  const t = useT();
  const toast = useToast();
  const queries = useQueryClient();
  const { search, go } = useListing();
  const { data: all = [] } = useQuery(savedViewsQuery);
  const [edited, setEdited] = useState<SavedView | null>(null);
  const [leaving, setLeaving] = useState<SavedView | null>(null);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const refocus = useRef<(() => void) | null>(null);
  const views = all.filter(({ mine }) => mine);
  useEffect(() => {
    refocus.current?.(); // what moves in the document loses the focus
    refocus.current = null;
  });

  const change = async (what: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await what();
    } catch (error) {
      toast.problem(error);
    }
    await queries.invalidateQueries({ queryKey: savedViewsQuery.queryKey });
    setBusy(false);
  };
  const move = (view: SavedView, by: -1 | 1) => {
    const from = views.indexOf(view);
    const to = from + by;
    if (busy || to < 0 || to >= views.length) return;
    const order = views.toSpliced(from, 1).toSpliced(to, 0, view);
    const rest = [...order];
    queries.setQueryData(savedViewsQuery.queryKey, all.map((one) => (one.mine ? (rest.shift() ?? one) : one)));
    setSaid(t("saved.moved", { name: view.name, n: to + 1 }));
    const here = document.activeElement?.id;
    refocus.current = () => {
      const button = here ? document.getElementById(here) : null;
      (button?.matches(":disabled") ? document.getElementById(`saved-${by < 0 ? "down" : "up"}-${view.id}`) : button)?.focus();
    };
    void change(() => orderSavedViews(order.map(({ id }) => id)));
  };
  const remove = (view: SavedView) =>
    void change(async () => {
      await removeSavedView(view.id);
      setLeaving(null);
      if (search.saved === String(view.id)) go({ ...cleared, view: "mine" });
      if (views.length === 1) onClose();
    });

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("saved.manage")} description={t("saved.manage_hint")}>
      <ul aria-label={t("saved.title")} className="flex flex-col pb-1">
        {views.map((view, at) => (
          <Line key={view.id} view={view} icon={iconOf(view.icon)} first={at === 0} last={at === views.length - 1} onMove={(by) => move(view, by)} onEdit={() => setEdited(view)} onRemove={() => setLeaving(view)} />
        ))}
      </ul>
      <output className="sr-only">{said}</output>
      {edited && <SavedForm view={edited} onClose={() => setEdited(null)} />}
      <Confirm
        open={leaving !== null}
        onOpenChange={(open) => !open && setLeaving(null)}
        title={t("saved.remove_question", { name: leaving?.name ?? "" })}
        description={t(leaving?.audience === "personal" ? "saved.remove_hint" : "saved.remove_shared_hint")}
        confirm={t("action.delete")}
        danger
        busy={busy}
        onConfirm={() => leaving && remove(leaving)}
      />
    </Dialog>
  );
}

interface LineProps {
  view: SavedView;
  icon: LucideIcon;
  first: boolean;
  last: boolean;
  onMove: (by: -1 | 1) => void;
  onEdit: () => void;
  onRemove: () => void;
}

function Line({ view, icon: Icon, first, last, onMove, onEdit, onRemove }: LineProps) {
  const t = useT();
  const team = useTeams().find(({ id }) => id === view.team_id);
  const { name } = view;
  const pressed = (event: KeyboardEvent) => {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (!event.altKey || by === 0) return;
    event.preventDefault();
    onMove(by);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys of the buttons inside
    <li onKeyDown={pressed} className="flex min-h-11 items-center gap-2 border-b border-line last:border-0">
      <Icon size={16} color={tagColors[view.color || "none"]} aria-hidden className="shrink-0 text-muted" />
      <span className="min-w-0 flex-1">
        <bdi className="block truncate text-sm">{name}</bdi>
        <span className="block truncate text-xs text-muted">{team ? t("saved.of_team", { name: team.name }) : t(view.audience === "personal" ? "saved.personal" : "saved.workspace")}</span>
      </span>
      <span className="flex shrink-0">
        <IconButton id={`saved-up-${view.id}`} label={t("saved.up", { name })} disabled={first} onClick={() => onMove(-1)}>
          <ArrowUp size={15} aria-hidden />
        </IconButton>
        <IconButton id={`saved-down-${view.id}`} label={t("saved.down", { name })} disabled={last} onClick={() => onMove(1)}>
          <ArrowDown size={15} aria-hidden />
        </IconButton>
        <IconButton id={`saved-edit-${view.id}`} label={t("saved.edit", { name })} onClick={onEdit}>
          <Pencil size={15} aria-hidden />
        </IconButton>
        <IconButton id={`saved-remove-${view.id}`} label={t("saved.remove", { name })} onClick={onRemove}>
          <Trash2 size={15} aria-hidden />
        </IconButton>
      </span>
    </li>
  );
}
