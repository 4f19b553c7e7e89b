import { useQuery } from "@tanstack/react-query";
import { BookmarkX, CloudOff, Settings2 } from "lucide-react";
import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { savedViewsQuery } from "../api/saved.ts";
import type { Id, SavedSize } from "../api/types.ts";
import { useRoom, useT } from "../i18n/index.tsx";
import { cleared } from "../inbox/action-context.ts";
import { useListing } from "../inbox/context.tsx";
import type { ViewLine } from "../inbox/views.tsx";
import { useLive } from "../live/context.tsx";
import { tagColors } from "../ui/badge.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty.tsx";
import { sentence } from "../ui/toast.tsx";
import { useCurrent } from "./current.ts";
import { searchOf } from "./filter.ts";
import { iconOf } from "./icons.ts";

const Manage = lazy(() => import("./manage.tsx"));

/**
 * nav: the section among the views; title: the open one's name; opening: until the address says what it shows. What the page
 * draws anyway (a line, a list that is not there yet) it hands in, so that it stays in the page's own chunk.
 */
export type SavedProps = { part: "nav"; open: boolean; render: (view: ViewLine) => ReactNode } | { part: "title" } | { part: "opening"; meanwhile: ReactNode };

/** Saved views (G1.3) as far as they are shown somewhere. */
export default function Saved(props: SavedProps) {
  const here = useRoom("saved");
  if (!here) return props.part === "opening" ? props.meanwhile : null;
  switch (props.part) {
    case "nav":
      return <NavSection open={props.open} render={props.render} />;
    case "title":
      return <Title />;
    case "opening":
      return <Opening meanwhile={props.meanwhile} />;
  }
}

function NavSection({ open, render }: { open: boolean; render: (view: ViewLine) => ReactNode }) {
  const t = useT();
  const { search, query } = useListing();
  const { data: views = [], refetch } = useQuery(savedViewsQuery);
  const { listen } = useLive();
  const sizes = useSizes(views.map(({ id }) => id));
  const [managing, setManaging] = useState(false);
  // Who is in a team, and what one may do, decides which views one sees.
  useEffect(() => listen(({ kind }) => void (/^(team|member)\.changed$/.test(kind) && refetch())), [listen, refetch]);
  if (views.length === 0) return null;
  return (
    <div>
      {open && (
        <div className="mb-1 flex items-center gap-1 pl-2">
          <h2 className="min-w-0 flex-1 truncate text-2xs font-medium text-muted">{t("saved.title")}</h2>
          {views.some(({ mine }) => mine) && (
            <IconButton label={t("saved.manage")} size="sm" onClick={() => setManaging(true)}>
              <Settings2 size={13} aria-hidden />
            </IconButton>
          )}
        </div>
      )}
      <ul aria-label={t("saved.title")} className="flex flex-col gap-px">
        {views.map((view) => {
          const size = sizes.get(view.id);
          return render({ key: `saved-${view.id}`, label: view.name, icon: iconOf(view.icon), color: tagColors[view.color || "none"], count: size?.count ?? 0, about: aboutOf(size), unread: size?.unread ?? 0, search: searchOf(view, query.zone), current: search.saved === String(view.id) });
        })}
      </ul>
      {managing && (
        <Suspense>
          <Manage onClose={() => setManaging(false)} />
        </Suspense>
      )}
    </div>
  );
}

/** A size that is not exact, in words. */
const aboutOf = (size: SavedSize | undefined) => (!size?.count ? undefined : size.count > 99 ? "99+" : size.more ? `${size.count}+` : undefined);

/** How large views are and how much in them is unread, as the server tells it. */
function useSizes(ids: Id[]): ReadonlyMap<Id, SavedSize> {
  const { watchSaved } = useLive();
  const [sizes, setSizes] = useState<ReadonlyMap<Id, SavedSize>>(new Map());
  const asked = ids.join();
  useEffect(() => {
    if (asked) return watchSaved(asked.split(",").map(Number), (news) => setSizes((now) => new Map([...now, ...news.map((size) => [size.id, size] as const)])));
  }, [asked, watchSaved]);
  return sizes;
}

function Title() {
  const t = useT();
  const { view, gone, changed } = useCurrent();
  if (!view) return gone ? t("saved.title") : null;
  return (
    <>
      <bdi>{view.name}</bdi>
      {changed && <span className="ml-1.5 text-xs font-normal text-muted">{t("saved.changed")}</span>}
    </>
  );
}

/** The address names a view and nothing else: says what it shows, or that it is not there. */
function Opening({ meanwhile }: { meanwhile: ReactNode }) {
  const t = useT();
  const { search, query, go } = useListing();
  const { view, gone, error, retry } = useCurrent();
  const { m } = search;
  useEffect(() => {
    if (view) go({ ...searchOf(view, query.zone), ...(m ? { m } : {}) }, { replace: true });
  }, [view, query.zone, go, m]);
  if (gone) {
    return (
      <EmptyState icon={<BookmarkX size={24} aria-hidden />} title={t("saved.gone_title")} actions={<Button onClick={() => go({ ...cleared, view: "mine" })}>{t("view.mine")}</Button>}>
        {t("saved.gone")}
      </EmptyState>
    );
  }
  if (error) {
    return (
      <EmptyState icon={<CloudOff size={24} aria-hidden />} title={t("list.failed")} actions={<Button onClick={retry}>{t("action.retry")}</Button>}>
        {sentence(t, error).text}
      </EmptyState>
    );
  }
  return meanwhile;
}
