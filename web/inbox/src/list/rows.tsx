import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowUp } from "lucide-react";
import { useEffect, useLayoutEffect, useMemo, useRef, type MouseEvent } from "react";
import type { Id } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";
import { useInbox } from "../inbox/context.tsx";
import { useLive } from "../live/context.tsx";
import type { List } from "../live/lists.ts";
import { usePreferences } from "../preferences/index.ts";
import { useToast } from "../ui/toast.tsx";
import { whenPainted } from "../ui/idle.ts";
import { Spinner } from "../ui/spinner.tsx";
import { textScale } from "../ui/text-scale.ts";
import { rowHeight, ListRow } from "./row.tsx";
import { mostSelected } from "./selection.ts";
import { useMaySelect, useSelected } from "./use-selection.ts";
import { useSteady } from "./use-steady.ts";

/** Where each list was scrolled to, and which conversation was open then, while the page lives. */
const scrolled = new Map<string, { top: number; open: Id }>();
const prefetchMs = 100;
const ahead = 30;

/** The rows, of which only those in sight are in the page; they hold still while pointed at. */
export function Rows({ listKey, list }: { listKey: string; list: List }) {
  const t = useT();
  const { desk } = useLive();
  const { open, show, shown, selection } = useInbox();
  const selected = useSelected(selection);
  const maySelect = useMaySelect();
  const toast = useToast();
  const [{ density }] = usePreferences();
  const scroller = useRef<HTMLDivElement>(null);
  const { ids, fresh, gone, catchUp, pointer, onScrolled } = useSteady(list.ids);
  useLayoutEffect(() => shown.show(ids), [shown, ids]);

  const height = rowHeight[density] * useMemo(textScale, []);
  // oxlint-disable-next-line react/incompatible-library -- the virtualiser keeps its own state; nothing here is compiled
  const virtual = useVirtualizer({
    count: ids.length + (list.next ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => ids[index] ?? "more",
    overscan: 5,
    initialOffset: scrolled.get(listKey)?.top ?? 0,
  });
  useLayoutEffect(() => virtual.measure(), [virtual, height]);

  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= ids.length - ahead) void desk.moreOf(listKey);
  }, [desk, listKey, last, ids.length]);

  // Keep the open row in sight when keys move it, but do not chase it when others do, nor where the viewer left the list.
  useEffect(() => {
    const at = shown.ids().indexOf(open);
    const left = scrolled.get(listKey);
    if (at >= 0 && left?.open !== open) virtual.scrollToIndex(at, { align: "auto" });
    scrolled.set(listKey, { top: left?.top ?? 0, open });
  }, [open, virtual, shown, desk, listKey]);

  // What may be opened next is read once the step is painted.
  useEffect(
    () =>
      whenPainted(() => {
        const at = shown.ids().indexOf(open);
        for (const near of [shown.ids()[at - 1], shown.ids()[at + 1]]) if (at >= 0 && near) void desk.threads.open(near);
      }),
    [open, shown, desk],
  );

  const prefetch = useRef<ReturnType<typeof setTimeout>>(undefined);
  const rest = (id: Id) => {
    clearTimeout(prefetch.current);
    prefetch.current = setTimeout(() => void desk.threads.open(id), prefetchMs);
  };
  useEffect(() => () => clearTimeout(prefetch.current), []);

  const check = (id: Id, range: boolean) => {
    const fits = range ? selection.extend(id, shown.ids()) : selection.toggle(id);
    if (!fits) toast.say(t("select.most", { count: mostSelected }));
  };
  const press = (id: Id, event: MouseEvent) => {
    if (maySelect && (event.shiftKey || event.ctrlKey || event.metaKey || selection.now().choosing)) check(id, event.shiftKey);
    else show(id, true);
  };
  const selecting = selected.ids.length > 0 || selected.choosing;

  const top = () => {
    catchUp();
    scroller.current?.scrollTo({ top: 0 });
  };

  return (
    <div className="relative min-h-0 flex-1">
      {fresh > 0 && (
        <button
          type="button"
          onClick={top}
          className="absolute top-2 left-1/2 z-10 inline-flex min-h-7 -translate-x-1/2 items-center gap-1 rounded-full bg-accent-fill px-3 text-xs font-medium text-on-accent shadow-pop hover:bg-accent-fill-hover"
        >
          <ArrowUp size={13} aria-hidden /> {t("list.fresh", { count: fresh })}
        </button>
      )}
      <div
        ref={scroller}
        id="conversation-list"
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- rich rows, of which few are in the page
        role="listbox"
        tabIndex={0}
        aria-label={t("pane.list")}
        aria-multiselectable={selecting || undefined}
        aria-activedescendant={ids.includes(open) ? `row-${open}` : undefined}
        onScroll={(event) => {
          scrolled.set(listKey, { top: event.currentTarget.scrollTop, open });
          onScrolled(event.currentTarget.scrollTop);
        }}
        onPointerMove={pointer.over}
        onPointerLeave={pointer.away}
        className="group/list @container h-full overflow-y-auto overscroll-contain focus-visible:-outline-offset-2"
      >
        <div style={{ height: virtual.getTotalSize() }} className="relative" role="presentation">
          {items.map((item) => {
            const id = ids[item.index];
            const style = { height: item.size, transform: `translateY(${item.start}px)` };
            if (id === undefined)
              return (
                <div key="more" style={style} role="presentation" className="absolute inset-x-0 top-0 grid place-items-center text-faint">
                  {list.more && <Spinner />}
                </div>
              );
            return (
              <ListRow
                key={id}
                id={id}
                index={item.index}
                total={list.next ? -1 : ids.length}
                style={style}
                open={id === open}
                checked={selected.has.has(id)}
                selecting={selecting}
                choosing={selected.choosing}
                onCheck={maySelect ? (range) => check(id, range) : undefined}
                left={gone.has(id)}
                compact={density === "compact"}
                onPress={(event) => press(id, event)}
                onRest={() => rest(id)}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}
