import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { ContactSearch } from "../api/contacts.ts";
import type { signedIn } from "../app/router.tsx";

/** Reads the list's query from the address. */
export function contactSearch(search: Record<string, unknown>): ContactSearch {
  const { q, channel, show, sort } = search;
  return {
    ...(typeof q === "string" && q ? { q } : {}),
    ...(typeof channel === "string" && channel ? { channel } : {}),
    ...(show === "blocked" || show === "open" ? { show } : {}),
    ...(sort === "name" ? { sort } : {}),
  };
}

/** The contacts: the list, and one of them beside it. */
export function contactRoutes(parent: typeof signedIn) {
  const frame = createRoute({
    getParentRoute: () => parent,
    path: "/contacts",
    validateSearch: contactSearch,
    component: lazyRouteComponent(() => import("./page.tsx"), "ContactsPage"),
  });
  return frame.addChildren([
    createRoute({ getParentRoute: () => frame, path: "/", component: lazyRouteComponent(() => import("./page.tsx"), "NobodyChosen") }),
    createRoute({ getParentRoute: () => frame, path: "$id", component: lazyRouteComponent(() => import("./contact.tsx"), "ContactPage") }),
  ]);
}
