import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { UserPlus } from "lucide-react";
import { membersQuery } from "../../api/desk.ts";
import { useT } from "../../i18n/index.tsx";
import { Button } from "../../ui/button.tsx";
import { Lines, Section, useMay } from "../section.tsx";
import { InviteMember } from "./invite.tsx";
import { MemberLine } from "./line.tsx";
import { Pending } from "./pending.tsx";
import { Roles } from "./roles.tsx";

const route = getRouteApi("/signed-in/settings/members");

/** Who works here, with which role, and who was invited. */
export function MembersPage() {
  const t = useT();
  const may = useMay("members");
  const { invite } = route.useSearch();
  const navigate = useNavigate();
  const { data: members } = useQuery(membersQuery);
  const sorted = [...(members ?? [])].sort((a, b) => Number(b.active) - Number(a.active) || a.user_id - b.user_id);
  const inviting = (open: boolean) => void navigate({ to: "/settings/members", search: open ? { invite: "new" } : {}, replace: true });
  return (
    <Section
      id="members"
      actions={
        <Button look="primary" onClick={() => inviting(true)}>
          <UserPlus size={15} aria-hidden /> {t("members.invite")}
        </Button>
      }
    >
      <Lines label={t("settings.members.title")}>
        {sorted.map((member) => (
          <MemberLine key={member.user_id} member={member} />
        ))}
      </Lines>
      {may && <Pending />}
      <Roles />
      {may && invite && <InviteMember onClose={() => inviting(false)} />}
    </Section>
  );
}
