import { useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useRef } from "react";
import { useSession } from "../api/session.ts";
import { useRoom, useT } from "../i18n/index.tsx";
import { ListPane } from "../list/pane.tsx";
import { usePreferences } from "../preferences/index.ts";
import { useMediaQuery } from "../ui/media-query.ts";
import { Later } from "../ui/skeleton.tsx";
import { ConnectionBar } from "./connection-bar.tsx";
import { InboxContext, useInbox } from "./context.tsx";
import { useFollowing } from "./following.ts";
import { Nav } from "./nav.tsx";
import { NothingOpen } from "./nothing-open.tsx";
import type { InboxSearch } from "./search.ts";
import { Resizer } from "./resizer.tsx";
import { Sheet } from "./sheet.tsx";

const ThreadPane = lazy(() => import("../thread/pane.tsx"));
const FindPane = lazy(() => import("../find/pane.tsx"));
const CustomerPane = lazy(() => import("../customer/pane.tsx"));

const limits = { list: { min: 264, max: 520 }, customer: { min: 264, max: 480 } } as const;

/** Where the panes stand: side by side on a desktop, the customer in a sheet on a tablet, one at a time on a phone. */
export function Layout() {
  const t = useT();
  const texts = useRoom("thread");
  const inbox = useInbox();
  const { open, search, go } = inbox;
  const shown = useFollowing(inbox);
  const { history } = useRouter();
  const [preferences, prefer] = usePreferences();
  const stepped = useRef(false); // over the conversation, so that back leads there
  const phone = useMediaQuery("(max-width: 699px)");
  const wide = useMediaQuery("(min-width: 1100px)");
  const customerBeside = wide && preferences.customer_open;
  const { workspace } = useSession();
  const ListFrame = phone ? "main" : "section";
  const listShown = phone ? open === 0 : preferences.list_open || open === 0 || Boolean(search.find);
  const toggleCustomer = () => (wide ? prefer({ customer_open: !preferences.customer_open }) : showOver(true));
  const showOver = (shown: boolean) => {
    if (!shown && stepped.current) history.back();
    else go({ over: shown ? "customer" : undefined } as InboxSearch, { replace: !shown });
    stepped.current = shown;
  };

  const thread = open && texts ? (
    <Suspense fallback={<Later>{null}</Later>}>
      <ThreadPane id={shown.open} phone={phone} customerShown={customerBeside} covered={!wide && search.over !== undefined} onCustomer={toggleCustomer} />
    </Suspense>
  ) : (
    open === 0 && <NothingOpen />
  );

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
            className={`relative flex min-w-0 flex-col bg-surface ${phone ? "flex-1" : "shrink-0 border-l border-line"}`}
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
            {!phone && <Resizer label={t("pane.resize_list")} width={preferences.list_width} {...limits.list} edge="right" onWidth={(list_width) => prefer({ list_width })} />}
          </ListFrame>
        )}
        {(!phone || open !== 0) && (
          <main className="flex min-w-0 flex-1 flex-col bg-surface">
            {phone && <h1 className="sr-only">{workspace.name}</h1>}
            <InboxContext.Provider value={shown}>{thread}</InboxContext.Provider>
          </main>
        )}
        {customerBeside && open !== 0 && (
          <aside aria-label={t("pane.customer")} className="relative flex shrink-0 flex-col bg-surface" style={{ width: preferences.customer_width }}>
            <Resizer label={t("pane.resize_customer")} width={preferences.customer_width} {...limits.customer} edge="left" onWidth={(customer_width) => prefer({ customer_width })} />
            <InboxContext.Provider value={shown}>
              <Suspense>
                <CustomerPane id={shown.open} />
              </Suspense>
            </InboxContext.Provider>
          </aside>
        )}
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
