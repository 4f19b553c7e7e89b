import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Ellipsis, UserPlus } from "lucide-react";
import { useState } from "react";
import { membersQuery } from "../../api/desk.ts";
import { useSession } from "../../api/session.ts";
import type { Member, Role } from "../../api/types.ts";
import { useForm } from "../../form/use-form.ts";
import { useLanguage, useT } from "../../i18n/index.tsx";
import { Avatar } from "../../ui/avatar.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { Select } from "../../ui/select.tsx";
import { editMember } from "../api.ts";
import { FormDialog } from "../form-dialog.tsx";
import { Lines, Section, useMay } from "../section.tsx";
import { useChange, useReread } from "../use-change.ts";
import { InviteMember } from "./invite.tsx";
import { Pending } from "./pending.tsx";
import { Roles } from "./roles.tsx";
import { mayChange, rolesToGive } from "./rules.ts";

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
          <Line key={member.user_id} member={member} />
        ))}
      </Lines>
      {may && <Pending />}
      <Roles />
      {may && invite && <InviteMember onClose={() => inviting(false)} />}
    </Section>
  );
}

function Line({ member }: { member: Member }) {
  const { t } = useLanguage();
  const may = useMay("members");
  const me = useSession().member;
  const [naming, setNaming] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const own = member.user_id === me.user_id;
  const change = useChange(membersQuery.queryKey, (news: Parameters<typeof editMember>[1]) => editMember(member.user_id, news), () => setLeaving(false));
  const open = may && mayChange(me, member);
  const name = member.display_name || member.name;
  const roles = rolesToGive(me.role).includes(member.role) ? rolesToGive(me.role) : [...rolesToGive(me.role), member.role];
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2.5 pr-2 pl-4">
      <Avatar name={name} id={member.user_id} url={member.avatar_url} size={36} availability={member.active ? member.availability : undefined} />
      <div className="min-w-0 flex-1 basis-40">
        <p className="flex items-center gap-2">
          <bdi className={`truncate font-medium ${member.active ? "" : "text-muted"}`}>{name}</bdi>
          {own && <Badge look="soft">{t("members.you")}</Badge>}
          {!member.active && <Badge>{t("members.inactive")}</Badge>}
        </p>
        <p className="truncate text-xs text-muted">
          {name === member.name ? member.email : `${member.name} · ${member.email}`}
        </p>
      </div>
      <div className="w-40" title={open ? undefined : t(own ? "members.role_own" : may ? "members.role_owner" : "settings.locked_short")}>
        <Select<Role>
          label={t("members.role_of", { name })}
          hideLabel
          value={member.role}
          disabled={!open || own || change.isPending}
          onChange={(role) => role !== member.role && change.mutate({ role })}
          options={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))}
        />
      </div>
      <Menu
        align="end"
        trigger={
          <IconButton label={t("members.more", { name })} disabled={!open} className={may ? "" : "hidden"}>
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        }
      >
        <MenuItem onSelect={() => setNaming(true)}>{t("members.rename")}</MenuItem>
        {member.active ? (
          <MenuItem danger disabled={own} onSelect={() => setLeaving(true)}>
            {t("members.deactivate")}
          </MenuItem>
        ) : (
          <MenuItem onSelect={() => change.mutate({ active: true })}>{t("members.activate")}</MenuItem>
        )}
      </Menu>
      {naming && <Rename member={member} onClose={() => setNaming(false)} />}
      <Confirm
        open={leaving}
        onOpenChange={setLeaving}
        title={t("members.deactivate_question", { name })}
        description={t("members.deactivate_hint")}
        confirm={t("members.deactivate")}
        danger
        busy={change.isPending}
        onConfirm={() => change.mutate({ active: false })}
      />
    </li>
  );
}

function Rename({ member, onClose }: { member: Member; onClose: () => void }) {
  const t = useT();
  const reread = useReread(membersQuery.queryKey);
  const form = useForm({
    initial: { display_name: member.display_name },
    save: async ({ display_name }) => {
      await editMember(member.user_id, { display_name: display_name.trim() });
      await reread();
      onClose();
    },
  });
  return (
    <FormDialog form={form} title={t("members.rename")} submit={t("action.save")} onClose={onClose}>
      <TextField {...form.text("display_name")} label={t("profile.display_name")} hint={t("profile.display_name_hint")} placeholder={member.name} maxLength={100} autoComplete="off" />
    </FormDialog>
  );
}
