import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { signedIn } from "../app/router.tsx";
import { auditSearch } from "./audit/search.ts";

/** The settings' pages: one frame, a page per section below it, each loaded when it is opened. */
export function settingsRoutes(parent: typeof signedIn) {
  const frame = createRoute({
    getParentRoute: () => parent,
    path: "/settings",
    component: lazyRouteComponent(() => import("./page.tsx"), "SettingsPage"),
  });
  const under = () => frame;
  return frame.addChildren([
    createRoute({ getParentRoute: under, path: "/", component: lazyRouteComponent(() => import("./page.tsx"), "SettingsStart") }),
    createRoute({ getParentRoute: under, path: "profile", component: lazyRouteComponent(() => import("./profile/page.tsx"), "ProfilePage") }),
    createRoute({ getParentRoute: under, path: "preferences", component: lazyRouteComponent(() => import("./preferences/page.tsx"), "PreferencesPage") }),
    createRoute({ getParentRoute: under, path: "notifications", component: lazyRouteComponent(() => import("./notifications/page.tsx"), "NotificationsPage") }),
    createRoute({ getParentRoute: under, path: "keys", component: lazyRouteComponent(() => import("./keys/page.tsx"), "KeysPage") }),
    createRoute({ getParentRoute: under, path: "workspace", component: lazyRouteComponent(() => import("./workspace/page.tsx"), "WorkspacePage") }),
    createRoute({
      getParentRoute: under,
      path: "members",
      validateSearch: (search: Record<string, unknown>): { invite?: string } => (search["invite"] === "new" ? { invite: "new" } : {}),
      component: lazyRouteComponent(() => import("./members/page.tsx"), "MembersPage"),
    }),
    createRoute({ getParentRoute: under, path: "roles", component: lazyRouteComponent(() => import("./roles/page.tsx"), "RolesPage") }),
    createRoute({ getParentRoute: under, path: "canned", component: lazyRouteComponent(() => import("./canned/page.tsx"), "CannedPage") }),
    createRoute({ getParentRoute: under, path: "macros", component: lazyRouteComponent(() => import("./macros/page.tsx"), "MacrosPage") }),
    createRoute({ getParentRoute: under, path: "triggers", component: lazyRouteComponent(() => import("./triggers/page.tsx"), "TriggersPage") }),
    createRoute({ getParentRoute: under, path: "files", component: lazyRouteComponent(() => import("./files/page.tsx"), "FilesPage") }),
    createRoute({ getParentRoute: under, path: "brands", component: lazyRouteComponent(() => import("./brands/page.tsx"), "BrandsPage") }),
    createRoute({ getParentRoute: under, path: "teams", component: lazyRouteComponent(() => import("./teams/page.tsx"), "TeamsPage") }),
    createRoute({ getParentRoute: under, path: "availability", component: lazyRouteComponent(() => import("./availability/page.tsx"), "AvailabilityPage") }),
    createRoute({ getParentRoute: under, path: "tags", component: lazyRouteComponent(() => import("./tags/page.tsx"), "TagsPage") }),
    createRoute({ getParentRoute: under, path: "fields", component: lazyRouteComponent(() => import("./fields/page.tsx"), "FieldsPage") }),
    createRoute({ getParentRoute: under, path: "external-links", component: lazyRouteComponent(() => import("./external-links/page.tsx"), "ExternalLinksPage") }),
    createRoute({ getParentRoute: under, path: "exports", component: lazyRouteComponent(() => import("./exports/page.tsx"), "ExportsPage") }),
    createRoute({ getParentRoute: under, path: "routing", component: lazyRouteComponent(() => import("./routing/page.tsx"), "RoutingPage") }),
    createRoute({ getParentRoute: under, path: "schedules", component: lazyRouteComponent(() => import("./schedules/page.tsx"), "SchedulesPage") }),
    createRoute({ getParentRoute: under, path: "schedules/$id", component: lazyRouteComponent(() => import("./schedules/schedule.tsx"), "SchedulePage") }),
    createRoute({ getParentRoute: under, path: "sla", component: lazyRouteComponent(() => import("./sla/page.tsx"), "SLAPage") }),
    createRoute({ getParentRoute: under, path: "sla/$id", component: lazyRouteComponent(() => import("./sla/policy.tsx"), "PolicyPage") }),
    createRoute({ getParentRoute: under, path: "channels", component: lazyRouteComponent(() => import("./channels/page.tsx"), "ChannelsPage") }),
    createRoute({ getParentRoute: under, path: "channels/$id", component: lazyRouteComponent(() => import("./channels/channel.tsx"), "ChannelPage") }),
    createRoute({ getParentRoute: under, path: "api-keys", component: lazyRouteComponent(() => import("./api-keys/page.tsx"), "APIKeysPage") }),
    createRoute({ getParentRoute: under, path: "audit", validateSearch: auditSearch, component: lazyRouteComponent(() => import("./audit/page.tsx"), "AuditPage") }),
    createRoute({
      getParentRoute: under,
      path: "sessions",
      validateSearch: (search: Record<string, unknown>): { member?: string } => (/^\d{1,16}$/.test(String(search["member"])) ? { member: String(search["member"]) } : {}),
      component: lazyRouteComponent(() => import("./sessions/page.tsx"), "SessionsPage"),
    }),
    createRoute({ getParentRoute: under, path: "demo", component: lazyRouteComponent(() => import("./demo/page.tsx"), "DemoPage") }),
  ]);
}
