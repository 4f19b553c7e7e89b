import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { membersQuery } from "../../api/desk.ts";
import { usePermission, useSession } from "../../api/session.ts";
import type { Member } from "../../api/types.ts";
import { useT } from "../../i18n/index.tsx";
import { Button } from "../../ui/button.tsx";
import { Combobox } from "../../ui/combobox.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { useToast } from "../../ui/toast.tsx";
import { useRoles } from "../roles/choice.ts";
import { mayChange } from "../members/rules.ts";
import { Group, Lines, Section } from "../section.tsx";
import { useChange } from "../use-change.ts";
import { endMemberSession, endMemberSessions, endOtherSessions, endSession, memberSessionsQuery, sessionsQuery, type BrowserSession } from "./api.ts";
import { browserName, SessionLine } from "./line.tsx";

const route = getRouteApi("/signed-in/settings/sessions");

/** Where one is signed in, and for those who manage members where they are. */
export function SessionsPage() {
  const t = useT();
  const { data: sessions } = useQuery(sessionsQuery);
  const { queryKey } = sessionsQuery;
  const [leaving, setLeaving] = useState<BrowserSession | "others" | null>(null);
  const close = () => setLeaving(null);
  const ended = useEnded(close);
  const end = useChange(queryKey, (one: BrowserSession) => endSession(one.id), ended);
  const endOthers = useChange(queryKey, () => endOtherSessions(), ended);
  const manages = usePermission("member.manage");
  const others = (sessions ?? []).filter(({ current }) => !current).length;
  return (
    <Section id="sessions" actions={others > 0 && <Button onClick={() => setLeaving("others")}>{t("sessions.end_others")}</Button>}>
      {sessions && <Sessions label={t("settings.sessions.title")} sessions={sessions} onEnd={setLeaving} />}
      {manages && <OfMembers />}
      <EndOne session={leaving === "others" ? null : leaving} busy={end.isPending} onClose={close} onConfirm={end.mutate} />
      <Confirm
        open={leaving === "others"}
        onOpenChange={(open) => !open && close()}
        title={t("sessions.end_others_question", { count: others })}
        description={t("sessions.end_hint")}
        confirm={t("sessions.end")}
        danger
        busy={endOthers.isPending}
        onConfirm={() => endOthers.mutate(undefined)}
      />
    </Section>
  );
}

/** Closes the question and says that it is done. */
function useEnded(close: () => void): () => void {
  const t = useT();
  const toast = useToast();
  return () => {
    close();
    toast.say(t("sessions.ended"));
  };
}

/** Browsers, the present one first. */
function Sessions({ label, sessions, onEnd }: { label: string; sessions: readonly BrowserSession[]; onEnd: (session: BrowserSession) => void }) {
  const sorted = [...sessions].sort((a, b) => Number(b.current) - Number(a.current) || b.last_seen_at.localeCompare(a.last_seen_at));
  return (
    <Lines label={label}>
      {sorted.map((one) => (
        <SessionLine key={one.id} session={one} onEnd={() => onEnd(one)} />
      ))}
    </Lines>
  );
}

interface EndOneProps {
  session: BrowserSession | null;
  busy: boolean;
  onClose: () => void;
  onConfirm: (session: BrowserSession) => void;
}

function EndOne({ session, busy, onClose, onConfirm }: EndOneProps) {
  const t = useT();
  return (
    <Confirm
      open={session !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("sessions.end_question", { browser: session ? browserName(t, session) : "" })}
      description={t("sessions.end_hint")}
      confirm={t("sessions.end")}
      danger
      busy={busy}
      onConfirm={() => session && onConfirm(session)}
    />
  );
}

/** The browsers of one colleague in this workspace. */
function OfMembers() {
  const t = useT();
  const { member: me, permissions } = useSession();
  const { roles } = useRoles();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { data: members = [] } = useQuery(membersQuery);
  const others = members.filter(({ user_id }) => user_id !== me.user_id);
  const chosen = others.find(({ user_id }) => String(user_id) === search.member);
  return (
    <Group title={t("sessions.members")} hint={t("sessions.members_hint")}>
      <div className="max-w-sm">
        <Combobox
          label={t("sessions.member")}
          placeholder={t("sessions.choose")}
          items={others.map((member) => ({ value: member.user_id, label: member.name }))}
          value={chosen?.user_id ?? null}
          onChange={(member) => void navigate({ to: "/settings/sessions", search: member ? { member: String(member) } : {}, replace: true })}
        />
      </div>
      {chosen && roles.length > 0 && <OfMember key={chosen.user_id} member={chosen} open={mayChange(permissions, chosen, roles)} />}
    </Group>
  );
}

function OfMember({ member, open }: { member: Member; open: boolean }) {
  const t = useT();
  const { name, user_id } = member;
  const query = memberSessionsQuery(user_id);
  const { data: sessions } = useQuery(query);
  const [leaving, setLeaving] = useState<BrowserSession | "all" | null>(null);
  const close = () => setLeaving(null);
  const ended = useEnded(close);
  const end = useChange(query.queryKey, (one: BrowserSession) => endMemberSession(user_id, one.id), ended);
  const endAll = useChange(query.queryKey, () => endMemberSessions(user_id), ended);
  if (!sessions) return null;
  if (sessions.length === 0) return <p className="text-sm text-muted">{t("sessions.none_of", { name })}</p>;
  return (
    <>
      <Lines label={t("sessions.of", { name })}>
        {sessions.map((one) => (
          <SessionLine key={one.id} session={one} onEnd={() => setLeaving(one)} disabled={!open} />
        ))}
      </Lines>
      {open ? (
        <Button className="self-start" onClick={() => setLeaving("all")}>
          {t("sessions.end_all")}
        </Button>
      ) : (
        <p className="text-sm text-muted">{t(member.role === "owner" ? "sessions.owner" : "members.role_above")}</p>
      )}
      <EndOne session={leaving === "all" ? null : leaving} busy={end.isPending} onClose={close} onConfirm={end.mutate} />
      <Confirm
        open={leaving === "all"}
        onOpenChange={(now) => !now && close()}
        title={t("sessions.end_all_question", { name })}
        description={t("sessions.end_hint")}
        confirm={t("sessions.end_all")}
        danger
        busy={endAll.isPending}
        onConfirm={() => endAll.mutate(undefined)}
      />
    </>
  );
}
