import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { signOut } from "../api/session.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useLive } from "../live/context.tsx";
import { useToast } from "../ui/toast.tsx";

/** Ends the member's session in this browser, and says what waits here unsent until they are back. */
export function useLeave(): () => Promise<void> {
  const { t } = useLanguage();
  const { sender } = useLive();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  return useCallback(async () => {
    try {
      await signOut();
      const count = sender.waiting();
      queries.clear();
      await navigate({ to: "/signin" });
      if (count > 0) toast.say(t("account.left_unsent", { count }));
    } catch (error) {
      toast.problem(error);
    }
  }, [t, sender, queries, navigate, toast]);
}
