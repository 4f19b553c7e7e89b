import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Id } from "../../api/types.ts";
import { useT } from "../../i18n/index.tsx";
import { useRested } from "../use-rested.ts";
import { standingTickets, type TriggerDraft } from "./api.ts";

interface StandingProps {
  /** The trigger that is changed, 0 = a new one. */
  id: Id;
  draft: TriggerDraft;
  overdue: boolean;
  onChange: (overdue: boolean) => void;
}

/** The tickets that stand already when a trigger on time is saved; those whose time is over get it only if somebody says so. */
export function StandingTickets({ id, draft, overdue, onChange }: StandingProps) {
  const t = useT();
  const asked = useRested(JSON.stringify(draft));
  const { data, isError } = useQuery({
    queryKey: ["standing-tickets", id, asked],
    queryFn: () => standingTickets(id, JSON.parse(asked) as TriggerDraft),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 0,
  });
  if (isError && !data) return null; // the trial says what is missing
  const least = data?.more;
  return (
    <div className="flex flex-col gap-1 rounded-md border border-line px-3 py-2 text-sm">
      <p>{data ? t(least ? "triggers.standing_least" : "triggers.standing", { count: data.waiting }) : t("triggers.standing_counting")}</p>
      {data && (data.overdue > 0 || overdue) && (
        <>
          <label className="flex pressed items-center gap-2">
            <input type="checkbox" className="size-4 shrink-0 accent-[var(--accent-fill)]" checked={overdue} onChange={(event) => onChange(event.target.checked)} />
            {t(least ? "triggers.overdue_least" : "triggers.overdue", { count: data.overdue })}
          </label>
          <p className="text-xs text-muted">{t("triggers.overdue_hint")}</p>
        </>
      )}
    </div>
  );
}
