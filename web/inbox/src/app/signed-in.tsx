import { Outlet, useMatches, useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { carry } from "../api/request.ts";
import { isLeaving, SessionContext, useKnownSession } from "../api/session.ts";
import { forget } from "../api/snapshot.ts";
import { useLanguage } from "../i18n/index.tsx";
import { LiveProvider } from "../live/context.tsx";
import { NotificationsLater } from "../notify/later.tsx";
import { Notifier } from "../notify/notifier.tsx";
import { useMediaQuery } from "../ui/media-query.ts";
import { useToast } from "../ui/toast.tsx";
import { PageName } from "./page-name.ts";
import { queryClient } from "./queries.ts";

const BottomNav = lazy(() => import("./bottom-nav.tsx"));
const Elsewhere = lazy(() => import("../inbox/elsewhere.tsx"));

/** The frame of everything a signed-in member sees. */
export function SignedIn() {
  const session = useKnownSession();
  const router = useRouter();
  const toast = useToast();
  const { t, speak } = useLanguage();
  const { locale, zone } = session.user;
  const phone = useMediaQuery("(max-width: 699px)");
  const [page, setPage] = useState("");
  const inbox = useMatches({ select: (matches) => matches.some(({ routeId }) => routeId === "/signed-in/") });

  useEffect(() => void speak(locale, zone), [speak, locale, zone]);

  const signedOut = useCallback(() => {
    if (isLeaving()) return;
    forget();
    queryClient.clear();
    toast.say(t("problem.signed_out"));
    void router.navigate({ to: "/signin", search: { next: router.state.location.href } });
  }, [router, toast, t]);

  useEffect(() => {
    carry({ onSignedOut: signedOut });
    return () => carry({ onSignedOut: () => {} });
  }, [signedOut]);

  return (
    <SessionContext.Provider value={session}>
      <LiveProvider onSignedOut={signedOut}>
        <div className="flex h-dvh flex-col print:block print:h-auto">
          <div className="min-h-0 flex-1 overflow-y-auto">
            <PageName.Provider value={setPage}>
              <Outlet />
            </PageName.Provider>
          </div>
          {phone && (
            <Suspense>
              <BottomNav />
            </Suspense>
          )}
        </div>
        {!inbox && (
          <Suspense>
            <Elsewhere />
          </Suspense>
        )}
        <Notifier page={page} />
        <NotificationsLater part="toasts" />
      </LiveProvider>
    </SessionContext.Provider>
  );
}
