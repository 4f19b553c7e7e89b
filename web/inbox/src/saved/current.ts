import { useQuery } from "@tanstack/react-query";
import { savedViewsQuery } from "../api/saved.ts";
import type { SavedView } from "../api/types.ts";
import { useListing } from "../inbox/context.tsx";
import { strayed } from "./filter.ts";

interface Current {
  /** The saved view that the address names. */
  view: SavedView | undefined;
  /** The address names one that is not there, or not for the viewer. */
  gone: boolean;
  /** The list shows something else by now. */
  changed: boolean;
  error: unknown;
  retry: () => void;
}

/** The saved view that the list shows, if it does. */
export function useCurrent(): Current {
  const { search, query } = useListing();
  const { data: views, error, refetch, isFetching } = useQuery(savedViewsQuery);
  const view = views?.find(({ id }) => String(id) === search.saved);
  return {
    view,
    gone: Boolean(search.saved && views && !view && !isFetching), // a view just made is in no older list
    changed: Boolean(view && strayed(view, query)),
    error: views ? null : error,
    retry: () => void refetch(),
  };
}
