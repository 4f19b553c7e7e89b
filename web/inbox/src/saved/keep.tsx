import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { editSavedView, savedViewsQuery } from "../api/saved.ts";
import { useRoom, useT } from "../i18n/index.tsx";
import { useListing } from "../inbox/context.tsx";
import { filterCount } from "../list/query.ts";
import { useToast } from "../ui/toast.tsx";
import { useCurrent } from "./current.ts";
import { bodyOf, filterOf, searchOf } from "./filter.ts";

const SavedForm = lazy(() => import("./form.tsx"));

const look = "min-h-6 rounded px-1.5 text-xs text-accent underline hover:text-ink disabled:opacity-55";

/** Beside the filters that are on: keeps them under a name, or in the view that they began with. */
export function Keep() {
  const t = useT();
  const here = useRoom("saved");
  const toast = useToast();
  const queries = useQueryClient();
  const { query, go } = useListing();
  const { view, gone, changed } = useCurrent();
  const [naming, setNaming] = useState(false);
  const [busy, setBusy] = useState(false);
  if (!here) return null;
  const overwrite = async () => {
    if (!view) return;
    setBusy(true);
    try {
      await editSavedView(view.id, bodyOf(view, { filter: filterOf(query, view.filter), sort: query.sort }));
      await queries.invalidateQueries({ queryKey: savedViewsQuery.queryKey });
      toast.say(t("saved.kept", { name: view.name }));
    } catch (error) {
      toast.problem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {gone && <li className="text-xs text-pretty text-muted">{t("saved.gone")}</li>}
      {view && changed && (
        <li>
          <button type="button" className={look} onClick={() => go(searchOf(view, query.zone))}>
            {t("saved.revert")}
          </button>
        </li>
      )}
      {view?.mine && changed && (
        <li>
          <button type="button" className={look} disabled={busy} onClick={() => void overwrite()}>
            {t("saved.overwrite")}
          </button>
        </li>
      )}
      {(!view || changed) && filterCount(query) > 0 && (
        <li>
          <button type="button" className={look} onClick={() => setNaming(true)}>
            {t("saved.keep")}
          </button>
        </li>
      )}
      {naming && (
        <Suspense>
          <SavedForm view={null} onClose={() => setNaming(false)} />
        </Suspense>
      )}
    </>
  );
}
