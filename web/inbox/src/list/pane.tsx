import { lazy, memo, Suspense, useEffect } from "react";
import { useNow } from "../i18n/now.ts";
import { useListing } from "../inbox/context.tsx";
import { useLive } from "../live/context.tsx";
import { useList } from "../live/hooks.ts";
import { ListEmpty } from "./empty.tsx";
import { ListHeader } from "./header.tsx";
import { filterCount, listKey, timed } from "./query.ts";
import { Rows } from "./rows.tsx";
import { RowSkeletons } from "./skeletons.tsx";
import { useSelected } from "./use-selection.ts";
import { SavedLater } from "../saved/later.tsx";

const Chips = lazy(() => import("./chips.tsx"));
const SelectionHeader = lazy(() => import("./selection-header.tsx"));

/** The list of conversations: its view, filters and rows. */
export const ListPane = memo(function ListPane({ phone }: { phone: boolean }) {
  const { query, search, selection } = useListing();
  const { ids, choosing, failures } = useSelected(selection);
  const { desk } = useLive();
  const key = listKey(query);
  const list = useList(key);

  const minute = useNow().getTime();
  const asOf = timed(query) ? minute : 0;
  const unresolved = search.saved && !search.view; // the address names a saved view, and not yet what that shows
  useEffect(() => void (unresolved || desk.openList(query, asOf)), [desk, query, asOf, unresolved]);

  return (
    <>
      {ids.length > 0 || choosing || failures.length > 0 ? (
        <Suspense fallback={<ListHeader phone={phone} />}>
          <SelectionHeader list={list} />
        </Suspense>
      ) : (
        <ListHeader phone={phone} />
      )}
      {(filterCount(query) > 0 || search.saved) && !unresolved && (
        <Suspense>
          <Chips />
        </Suspense>
      )}
      {unresolved ? (
        <SavedLater part="opening" meanwhile={<RowSkeletons />} />
      ) : !list || (list.state === "loading" && list.ids.length === 0) ? (
        <RowSkeletons />
      ) : list.ids.length === 0 ? (
        <ListEmpty list={list} />
      ) : (
        <Rows key={key} listKey={key} list={list} />
      )}
    </>
  );
});
