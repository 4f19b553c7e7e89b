import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useCallback } from "react";
import { adopt, sessionQuery } from "../api/session.ts";
import type { Session } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";

/** Begins a session that the server gave: forgets what another member saw here, and goes to the desk. */
export function useEnter() {
  const queries = useQueryClient();
  const router = useRouter();
  const { speak } = useLanguage();
  return useCallback(
    async (session: Session, next = "/") => {
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, adopt(session));
      await speak(session.user.locale, session.user.zone);
      router.history.push(next);
    },
    [queries, router, speak],
  );
}
