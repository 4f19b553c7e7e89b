import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { Problem } from "../api/problem.ts";
import { setupQuery } from "../api/session.ts";
import { inboxSearch } from "../inbox/search.ts";
import { contactRoutes } from "../contacts/routes.ts";
import { settingsRoutes } from "../settings/routes.ts";
import { enterDesk } from "./enter.ts";
import { Failed, NotFound, Waiting } from "./outcomes.tsx";
import { ownAddress } from "./own-address.ts";
import { queryClient } from "./queries.ts";
import { parseSearch, stringifySearch } from "./search.ts";
import { SignedIn } from "./signed-in.tsx";

const root = createRootRoute({ notFoundComponent: NotFound });

/** Everything below needs a session: without one it goes to set-up or sign-in, and comes back. */
export const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  component: SignedIn,
  beforeLoad: async ({ location }) => {
    try {
      await enterDesk(queryClient);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      const { needed } = await queryClient.fetchQuery(setupQuery);
      if (needed) throw redirect({ to: "/setup" });
      throw redirect({ to: "/signin", search: location.href === "/" ? {} : { next: location.href } });
    }
  },
});

const inbox = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  validateSearch: inboxSearch,
  component: lazyRouteComponent(() => import("../inbox/page.tsx"), "InboxPage"),
});

const board = createRoute({
  getParentRoute: () => signedIn,
  path: "/board",
  component: lazyRouteComponent(() => import("../board/page.tsx"), "BoardPage"),
});

const transcript = createRoute({
  getParentRoute: () => signedIn,
  path: "/conversations/$id/transcript",
  component: lazyRouteComponent(() => import("../transcript/page.tsx"), "TranscriptPage"),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyRouteComponent(() => import("../setup/page.tsx"), "SetupPage"),
});

const signin = createRoute({
  getParentRoute: () => root,
  path: "/signin",
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    const next = ownAddress(search["next"], location.origin);
    return next ? { next } : {};
  },
  component: lazyRouteComponent(() => import("../signin/page.tsx"), "SigninPage"),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitations/$token",
  component: lazyRouteComponent(() => import("../invitation/page.tsx"), "InvitationPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([signedIn.addChildren([inbox, contactRoutes(signedIn), board, transcript, settingsRoutes(signedIn)]), setup, signin, invitation]),
  parseSearch,
  stringifySearch,
  defaultErrorComponent: Failed,
  defaultNotFoundComponent: NotFound,
  defaultPendingComponent: Waiting,
  defaultPendingMs: 150,
  defaultPreload: "intent",
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
