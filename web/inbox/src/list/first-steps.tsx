import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { countsQuery, demoQuery, loadDemo } from "../api/desk.ts";
import { usePermission } from "../api/session.ts";
import { useT } from "../i18n/index.tsx";
import { useFirstSteps } from "../setup/first-steps.tsx";
import { Button } from "../ui/button.tsx";
import { useMediaQuery } from "../ui/media-query.ts";
import { useToast } from "../ui/toast.tsx";

/** On a desk that nobody has written to yet: try the widget, or load sample conversations. */
export function FirstSteps() {
  const t = useT();
  const toast = useToast();
  const queries = useQueryClient();
  const { data: counts } = useQuery(countsQuery);
  const wide = useMediaQuery("(min-width: 700px)");
  const admin = usePermission("workspace.manage");
  const untouched = counts !== undefined && counts.all === 0 && counts.resolved === 0;
  const { data: demo } = useQuery({ ...demoQuery, enabled: untouched && admin });
  const load = useMutation({
    mutationFn: loadDemo,
    onSuccess: () => queries.invalidateQueries(),
    onError: (error) => void toast.problem(error),
  });
  const beside = useFirstSteps() !== null && wide; // the middle pane says it better
  if (!untouched || beside) return null;
  return (
    <div className="mt-3 flex flex-col items-center gap-3">
      <p>{t("first.hint")}</p>
      <a href="/try" target="_blank" rel="noopener" className="inline-flex pressed items-center gap-1.5 rounded bg-accent-fill px-3 text-sm font-medium text-on-accent hover:bg-accent-fill-hover hover:no-underline">
        {t("first.try")} <ExternalLink size={14} aria-hidden />
      </a>
      {demo && !demo.loaded && (
        <Button busy={load.isPending} onClick={() => load.mutate()}>
          {t("first.demo")}
        </Button>
      )}
    </div>
  );
}
