import { lazy, Suspense } from "react";
import { useSession } from "../api/session.ts";
import { useRoom, useT } from "../i18n/index.tsx";
import { usePreferences } from "../preferences/index.ts";
import { Later } from "../ui/skeleton.tsx";
import { InboxContext, useInbox } from "./context.tsx";
import { useFollowing } from "./following.ts";
import { NothingOpen } from "./nothing-open.tsx";
import { Resizer } from "./resizer.tsx";

const ThreadPane = lazy(() => import("../thread/pane.tsx"));
const CustomerPane = lazy(() => import("../customer/pane.tsx"));

const limits = { min: 264, max: 480 } as const;

/** The open conversation and, where there is room, its customer beside it. They follow the list by themselves: it is not drawn anew with them. */
export function OpenPanes({ phone, wide, onCustomer }: { phone: boolean; wide: boolean; onCustomer: () => void }) {
  const t = useT();
  const texts = useRoom("thread");
  const inbox = useInbox();
  const { open, search } = inbox;
  const { thread, customer } = useFollowing(inbox);
  const [preferences, prefer] = usePreferences();
  const { workspace } = useSession();
  const customerBeside = wide && preferences.customer_open;
  return (
    <>
      {(!phone || open !== 0) && (
        <main className="flex min-w-0 flex-1 flex-col bg-surface">
          {phone && <h1 className="sr-only">{workspace.name}</h1>}
          <InboxContext.Provider value={thread}>
            {open && texts ? (
              <Suspense fallback={<Later>{null}</Later>}>
                <ThreadPane id={thread.open} phone={phone} customerShown={customerBeside} covered={!wide && search.over !== undefined} onCustomer={onCustomer} />
              </Suspense>
            ) : (
              open === 0 && <NothingOpen />
            )}
          </InboxContext.Provider>
        </main>
      )}
      {customerBeside && open !== 0 && (
        <aside aria-label={t("pane.customer")} className="relative flex shrink-0 flex-col bg-surface" style={{ width: preferences.customer_width }}>
          <Resizer label={t("pane.resize_customer")} width={preferences.customer_width} {...limits} edge="left" onWidth={(customer_width) => prefer({ customer_width })} />
          <InboxContext.Provider value={customer}>
            <Suspense>
              <CustomerPane id={customer.open} />
            </Suspense>
          </InboxContext.Provider>
        </aside>
      )}
    </>
  );
}
