import { ListChecks, Menu as MenuIcon, PanelLeftClose, Rows2, Rows3, Search } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { AccountMenu } from "../account/menu.tsx";
import { useT } from "../i18n/index.tsx";
import { useListing } from "../inbox/context.tsx";
import { Sheet } from "../inbox/sheet.tsx";
import { useViews, Views } from "../inbox/views.tsx";
import { NotificationsLater } from "../notify/later.tsx";
import { usePreferences } from "../preferences/index.ts";
import { useKeyHint } from "../preferences/keys.ts";
import { SavedLater } from "../saved/later.tsx";
import { IconButton } from "../ui/button.tsx";
import { useMaySelect } from "./use-selection.ts";

const ListMenus = lazy(() => import("./filters.tsx"));

/** What the list shows, and how. */
export function ListHeader({ phone }: { phone: boolean }) {
  const t = useT();
  const { reading, controls, selection, search } = useListing();
  const maySelect = useMaySelect();
  const { views, teams } = useViews();
  const [{ density }] = usePreferences();
  const key = useKeyHint();
  const [menu, setMenu] = useState(false);
  const current = [...views, ...teams].find((view) => view.current);
  return (
    <header className="flex min-h-13 shrink-0 items-center gap-0.5 border-b border-line pr-2 pl-3">
      {phone && (
        <>
          <IconButton label={t("view.choose")} className="-ml-2" onClick={() => setMenu(true)}>
            <MenuIcon size={18} aria-hidden />
          </IconButton>
          <Sheet open={menu} onOpenChange={setMenu} label={t("nav.label")} side="left">
            <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-3 pt-14">
              <Views open onChosen={() => setMenu(false)} />
            </div>
            <div className="border-t border-line p-2">
              <AccountMenu open />
            </div>
          </Sheet>
        </>
      )}
      <h2 className="min-w-0 flex-1 truncate text-base font-semibold">
        {search.saved ? <SavedLater part="title" /> : <bdi>{current?.label ?? t("nav.inbox")}</bdi>}
      </h2>
      {phone && <NotificationsLater part="dot" />}
      {maySelect && (
        <span className={phone ? "contents" : "hidden pointer-coarse:contents"}>
          <IconButton label={t("select.start")} onClick={() => selection.choose(true)}>
            <ListChecks size={16} aria-hidden />
          </IconButton>
        </span>
      )}
      <IconButton label={t("find.title")} shortcut="/" onClick={() => controls.find()}>
        <Search size={16} aria-hidden />
      </IconButton>
      <Suspense fallback={<span className="h-8 w-16 shrink-0" />}>
        <ListMenus />
      </Suspense>
      {!phone && (
        <>
          <IconButton label={t(density === "compact" ? "list.comfortable" : "list.compact")} shortcut={key("density")} onClick={() => controls.toggleDensity()}>
            {density === "compact" ? <Rows2 size={16} aria-hidden /> : <Rows3 size={16} aria-hidden />}
          </IconButton>
          {reading && (
            <IconButton label={t("list.hide")} shortcut={key("toggle_list")} onClick={() => controls.toggle("list")}>
              <PanelLeftClose size={16} aria-hidden />
            </IconButton>
          )}
        </>
      )}
    </header>
  );
}
