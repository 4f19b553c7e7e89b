import type { QueryKey } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { Id } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { useChange } from "./use-change.ts";

interface Named {
  id: Id;
  name: string;
}

/** Deletes records of a list, each after a question: `ask` puts it, `question` stands on the page. The hint says what goes with them. */
export function useRemoval(key: QueryKey, remove: (id: Id) => Promise<unknown>, hint: string): { ask: (one: Named) => void; question: ReactNode } {
  const t = useT();
  const [leaving, setLeaving] = useState<Named | null>(null);
  const gone = useChange(key, (one: Named) => remove(one.id), () => setLeaving(null));
  const question = (
    <Confirm
      open={leaving !== null}
      onOpenChange={(open) => !open && setLeaving(null)}
      title={t("settings.delete_question", { name: leaving?.name ?? "" })}
      description={hint}
      confirm={t("action.delete")}
      danger
      busy={gone.isPending}
      onConfirm={() => leaving && gone.mutate(leaving)}
    />
  );
  return { ask: setLeaving, question };
}
