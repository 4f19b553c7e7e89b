import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { signedIn } from "../app/router.tsx";

/** The settings' pages: one frame, a page per section below it. */
export function settingsRoutes(parent: typeof signedIn) {
  const frame = createRoute({
    getParentRoute: () => parent,
    path: "/settings",
    component: lazyRouteComponent(() => import("./page.tsx"), "SettingsPage"),
  });
  const section = createRoute({
    getParentRoute: () => frame,
    path: "$",
    component: lazyRouteComponent(() => import("./section.tsx"), "SettingsSection"),
  });
  return frame.addChildren([section]);
}
