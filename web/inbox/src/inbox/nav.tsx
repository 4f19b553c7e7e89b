import { Link } from "@tanstack/react-router";
import { Command, ContactRound, Gauge, Keyboard, PanelLeftClose, PanelLeftOpen, Settings } from "lucide-react";
import { memo } from "react";
import { AccountMenu } from "../account/menu.tsx";
import { useSession } from "../api/session.ts";
import { useT } from "../i18n/index.tsx";
import { NotificationsLater } from "../notify/later.tsx";
import { usePreferences } from "../preferences/index.ts";
import { useKeyHint } from "../preferences/keys.ts";
import { IconButton } from "../ui/button.tsx";
import { Tooltip } from "../ui/tooltip.tsx";
import { useListing } from "./context.tsx";
import { Mark } from "./mark.tsx";
import { Views } from "./views.tsx";

/** The left edge: views with counts, and below them what belongs to the member. */
export const Nav = memo(function Nav({ open, canOpen }: { open: boolean; canOpen: boolean }) {
  const t = useT();
  const { workspace, permissions } = useSession();
  const may = (permission: string) => permissions.includes(permission);
  const { controls } = useListing();
  const [, prefer] = usePreferences();
  const key = useKeyHint();
  const settings = (
    <Link to="/settings" aria-label={t("nav.settings")} className={`flex pressed items-center gap-2 rounded text-sm text-muted hover:bg-hover hover:text-ink hover:no-underline ${open ? "px-2" : "justify-center"}`}>
      <Settings size={16} aria-hidden />
      {open && t("nav.settings")}
    </Link>
  );
  const board = may("conversation.monitor") && (
    <Link to="/board" aria-label={t("nav.board")} className={`flex pressed items-center gap-2 rounded text-sm text-muted hover:bg-hover hover:text-ink hover:no-underline ${open ? "px-2" : "justify-center"}`}>
      <Gauge size={16} aria-hidden />
      {open && t("nav.board")}
    </Link>
  );
  const contacts = (
    <Link to="/contacts" aria-label={t("nav.contacts")} className={`flex pressed items-center gap-2 rounded text-sm text-muted hover:bg-hover hover:text-ink hover:no-underline ${open ? "px-2" : "justify-center"}`}>
      <ContactRound size={16} aria-hidden />
      {open && t("nav.contacts")}
    </Link>
  );
  return (
    <nav aria-label={t("nav.label")} className={`beside flex shrink-0 flex-col gap-3 bg-canvas p-2 ${open ? "w-52" : "w-13 items-stretch"}`}>
      <div className={`flex min-h-9 items-center gap-2 ${open ? "pl-1" : "justify-center"}`}>
        <Mark />
        {open && (
          <h1 className="min-w-0 flex-1 truncate text-sm font-semibold">
            <bdi>{workspace.name}</bdi>
          </h1>
        )}
        {!open && <h1 className="sr-only">{workspace.name}</h1>}
        {open && (
          <IconButton label={t("nav.collapse")} size="sm" onClick={() => prefer({ nav_open: false })}>
            <PanelLeftClose size={15} aria-hidden />
          </IconButton>
        )}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <Views open={open} />
      </div>
      <div className={`flex flex-col gap-px ${open ? "" : "items-stretch"}`}>
        {!open && canOpen && (
          <IconButton label={t("nav.expand")} side="right" className="w-full" onClick={() => prefer({ nav_open: true })}>
            <PanelLeftOpen size={16} aria-hidden />
          </IconButton>
        )}
        <NotificationsLater part={open ? "line" : "icon"} />
        {open ? (
          <>
            <Line icon={<Command size={16} aria-hidden />} label={t("nav.palette")} keys={key("palette")} onClick={() => controls.palette()} />
            <Line icon={<Keyboard size={16} aria-hidden />} label={t("nav.keys")} keys={key("help")} onClick={() => controls.help()} />
            {board}
            {contacts}
            {settings}
          </>
        ) : (
          <>
            <IconButton label={t("nav.palette")} shortcut={key("palette")} side="right" className="w-full" onClick={() => controls.palette()}>
              <Command size={16} aria-hidden />
            </IconButton>
            {board && (
              <Tooltip text={t("nav.board")} side="right">
                {board}
              </Tooltip>
            )}
            <Tooltip text={t("nav.contacts")} side="right">
              {contacts}
            </Tooltip>
            <Tooltip text={t("nav.settings")} side="right">
              {settings}
            </Tooltip>
          </>
        )}
        <AccountMenu open={open} />
      </div>
    </nav>
  );
});

function Line({ icon, label, keys, onClick }: { icon: React.ReactNode; label: string; keys: string; onClick: () => void }) {
  return (
    <button type="button" onClick={onClick} className="flex pressed items-center gap-2 rounded px-2 text-sm text-muted hover:bg-hover hover:text-ink">
      {icon}
      <span className="min-w-0 flex-1 truncate text-left">{label}</span>
      <span aria-hidden className="text-2xs text-faint">
        {keys}
      </span>
    </button>
  );
}
