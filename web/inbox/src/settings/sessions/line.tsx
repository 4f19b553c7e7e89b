import { Monitor, Smartphone } from "lucide-react";
import { browserOf } from "../../customer/browser.ts";
import { useLanguage, type T } from "../../i18n/index.tsx";
import { useNow } from "../../i18n/now.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import type { BrowserSession } from "./api.ts";

/** "Chrome 140 · Windows", or that nobody knows. */
export const browserName = (t: T, session: BrowserSession): string => browserOf(session.user_agent) || t("sessions.unknown");

/** One browser that is signed in. */
export function SessionLine({ session, onEnd, disabled = false }: { session: BrowserSession; onEnd: () => void; disabled?: boolean }) {
  const { t, format } = useLanguage();
  const now = useNow();
  const name = browserName(t, session);
  const Icon = /iPhone|Android|Mobile/.test(session.user_agent) ? Smartphone : Monitor;
  const facts = [
    session.ip,
    session.current ? t("sessions.now") : t("sessions.seen", { at: format.ago(new Date(session.last_seen_at), now) }),
    t("sessions.since", { at: format.moment(new Date(session.created_at), now) }),
  ];
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2.5 pr-2 pl-4">
      <Icon size={20} aria-hidden className="shrink-0 text-muted" />
      <div className="min-w-0 flex-1 basis-48" title={session.user_agent}>
        <p className="flex items-center gap-2">
          <span className="truncate font-medium">{name}</span>
          {session.current && <Badge look="soft">{t("sessions.here")}</Badge>}
        </p>
        <p className="text-xs text-muted">{facts.filter(Boolean).join(" · ")}</p>
      </div>
      {!session.current && (
        <Button aria-label={t("sessions.end_named", { browser: name })} disabled={disabled} onClick={onEnd}>
          {t("sessions.end")}
        </Button>
      )}
    </li>
  );
}
