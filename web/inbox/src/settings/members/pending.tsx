import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLanguage } from "../../i18n/index.tsx";
import { useNow } from "../../i18n/now.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { invitesQuery, withdrawInvite, type Invite } from "../api.ts";
import { Group, Lines } from "../section.tsx";
import { choiceOf, useRoles } from "../roles/choice.ts";
import { useChange } from "../use-change.ts";

/** Invitations that nobody has taken up yet. */
export function Pending() {
  const { t, format } = useLanguage();
  const { name } = useRoles();
  const { data: invites = [] } = useQuery(invitesQuery);
  const [leaving, setLeaving] = useState<Invite | null>(null);
  const withdraw = useChange(invitesQuery.queryKey, (one: Invite) => withdrawInvite(one.id), () => setLeaving(null));
  const now = useNow();
  if (invites.length === 0) return null;
  return (
    <Group title={t("members.pending")} hint={t("members.pending_hint")}>
      <Lines label={t("members.pending")}>
        {invites.map((one) => {
          const ends = new Date(one.expires_at);
          return (
            <li key={one.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 pr-2 pl-4">
              <div className="min-w-0 flex-1 basis-48">
                <p className="truncate">{one.email}</p>
                <p className="text-xs text-muted">
                  {ends <= now ? (
                    <Badge look="warn">{t("members.expired")}</Badge>
                  ) : (
                    <time dateTime={one.expires_at} title={format.exact(ends)}>
                      {t("members.expires", { role: name(choiceOf(one)), at: format.moment(ends, now) })}
                    </time>
                  )}
                </p>
              </div>
              <Button look="quiet" onClick={() => setLeaving(one)}>
                {t("members.withdraw")}
              </Button>
            </li>
          );
        })}
      </Lines>
      <Confirm
        open={leaving !== null}
        onOpenChange={(open) => !open && setLeaving(null)}
        title={t("members.withdraw_question", { email: leaving?.email ?? "" })}
        description={t("members.withdraw_hint")}
        confirm={t("members.withdraw")}
        danger
        busy={withdraw.isPending}
        onConfirm={() => leaving && withdraw.mutate(leaving)}
      />
    </Group>
  );
}
