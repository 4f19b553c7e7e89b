import { useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useRef } from "react";
import { useSession } from "../api/session.ts";
import { useT } from "../i18n/index.tsx";
import { ListPane } from "../list/pane.tsx";
import { usePreferences } from "../preferences/index.ts";
import { useMediaQuery } from "../ui/media-query.ts";
import { Later } from "../ui/skeleton.tsx";
import { ConnectionBar } from "./connection-bar.tsx";
import { useInbox } from "./context.tsx";
import { Nav } from "./nav.tsx";
import { OpenPanes } from "./open-panes.tsx";
import type { InboxSearch } from "./search.ts";
import { Resizer } from "./resizer.tsx";
import { Sheet } from "./sheet.tsx";

const FindPane = lazy(() => import("../find/pane.tsx"));
const CustomerPane = lazy(() => import("../customer/pane.tsx"));

const limits = { min: 264, max: 520 } as const;

/** Where the panes stand: side by side on a desktop, the customer in a sheet on a tablet, one at a time on a phone. */
export function Layout() {
  const t = useT();
  const { open, search, go } = useInbox();
  const { history } = useRouter();
  const [preferences, prefer] = usePreferences();
  const stepped = useRef(false); // over the conversation, so that back leads there
  const phone = useMediaQuery("(max-width: 699px)");
  const wide = useMediaQuery("(min-width: 1100px)");
  const { workspace } = useSession();
  const ListFrame = phone ? "main" : "section";
  const listShown = phone ? open === 0 : preferences.list_open || open === 0 || Boolean(search.find);
  const showOver = useCallback(
    (shown: boolean) => {
      if (!shown && stepped.current) history.back();
      else go({ over: shown ? "customer" : undefined } as InboxSearch, { replace: !shown });
      stepped.current = shown;
    },
    [go, history],
  );
  const { customer_open } = preferences;
  const toggleCustomer = useCallback(() => (wide ? prefer({ customer_open: !customer_open }) : showOver(true)), [wide, customer_open, prefer, showOver]);

  return (
    <div className="flex h-full flex-col">
      <a href={!listShown ? "#thread-title" : search.find ? "#find-field" : "#conversation-list"} className="absolute top-1 left-1 z-50 -translate-y-16 rounded bg-ink px-3 py-2 text-sm text-surface focus:translate-y-0">
        {t("app.skip")}
      </a>
      <ConnectionBar />
      <div className="flex min-h-0 flex-1">
        {!phone && <Nav open={wide && preferences.nav_open} canOpen={wide} />}
        {listShown && (
          <ListFrame
            aria-label={t(search.find ? "find.title" : "pane.list")}
            className={`list-frame relative flex min-w-0 flex-col bg-surface ${phone ? "flex-1" : "shrink-0 border-l border-line"}`}
            style={phone ? undefined : { width: preferences.list_width }}
          >
            {phone && <h1 className="sr-only">{workspace.name}</h1>}
            {search.find ? (
              <Suspense fallback={<Later>{null}</Later>}>
                <FindPane />
              </Suspense>
            ) : (
              <ListPane phone={phone} />
            )}
            {!phone && <Resizer label={t("pane.resize_list")} width={preferences.list_width} {...limits} edge="right" onWidth={(list_width) => prefer({ list_width })} />}
          </ListFrame>
        )}
        <OpenPanes phone={phone} wide={wide} onCustomer={toggleCustomer} />
      </div>
      {!wide && open !== 0 && (
        <Sheet open={search.over !== undefined} onOpenChange={showOver} label={t("pane.customer")} side="right">
          <Suspense>
            <CustomerPane id={open} />
          </Suspense>
        </Sheet>
      )}
    </div>
  );
}
