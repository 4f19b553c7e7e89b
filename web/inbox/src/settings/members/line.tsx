import { useNavigate } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { membersQuery } from "../../api/desk.ts";
import { useSession } from "../../api/session.ts";
import type { Member } from "../../api/types.ts";
import { useForm } from "../../form/use-form.ts";
import { useT } from "../../i18n/index.tsx";
import { Avatar } from "../../ui/avatar.tsx";
import { Badge } from "../../ui/badge.tsx";
import { IconButton } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { Select } from "../../ui/select.tsx";
import { editMember } from "../api.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { useMay } from "../section.tsx";
import { useChange, useReread } from "../use-change.ts";
import { choiceOf, chosen, useRoles, type RoleChoice } from "../roles/choice.ts";
import { mayChange, rolesToGive } from "./rules.ts";

const MemberRights = lazy(() => import("./rights.tsx"));

/** One member: who, with which role, and for those who manage members what can be changed. */
export function MemberLine({ member }: { member: Member }) {
  const t = useT();
  const may = useMay("members");
  const me = useSession().member;
  const { name: roleName } = useRoles();
  const name = member.display_name || member.name;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2.5 pr-2 pl-4">
      <Avatar name={name} id={member.user_id} url={member.avatar_url} size={36} availability={member.active ? member.availability : undefined} />
      <div className="min-w-0 flex-1 basis-40">
        <p className="flex items-center gap-2">
          <bdi className={`truncate font-medium ${member.active ? "" : "text-muted"}`}>{name}</bdi>
          {member.user_id === me.user_id && <Badge look="soft">{t("members.you")}</Badge>}
          {!member.active && <Badge>{t("members.inactive")}</Badge>}
          {(member.channel_ids?.length ?? 0) > 0 && <Badge look="soft">{t("members.serves", { count: member.channel_ids?.length ?? 0 })}</Badge>}
          {member.scope !== "all" && <Badge look="soft">{t(`scope.${member.scope}`)}</Badge>}
        </p>
        <p className="truncate text-xs text-muted">{name === member.name ? member.email : `${member.name} · ${member.email}`}</p>
      </div>
      {may ? <Controls member={member} me={me} name={name} /> : <p className="pr-2 text-sm text-muted">{roleName(choiceOf(member))}</p>}
    </li>
  );
}

function Controls({ member, me, name }: { member: Member; me: Member; name: string }) {
  const t = useT();
  const navigate = useNavigate();
  const [naming, setNaming] = useState(false);
  const [rights, setRights] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const change = useChange(membersQuery.queryKey, (news: Parameters<typeof editMember>[1]) => editMember(member.user_id, news), () => setLeaving(false));
  const own = member.user_id === me.user_id;
  const { permissions } = useSession();
  const { roles: all, name: roleName } = useRoles();
  const open = mayChange(permissions, member, all);
  const has = choiceOf(member);
  const given = rolesToGive(permissions, all).map(({ choice }) => choice);
  const roles = given.includes(has) ? given : [...given, has];
  return (
    <>
      <div className="w-40" title={open && !own ? undefined : t(own ? "members.role_own" : member.role === "owner" ? "members.role_owner" : "members.role_above")}>
        <Select<RoleChoice>
          label={t("members.role_of", { name })}
          hideLabel
          value={has}
          disabled={!open || own || change.isPending}
          onChange={(role) => role !== has && change.mutate(chosen(role))}
          options={roles.map((role) => ({ value: role, label: roleName(role) }))}
        />
      </div>
      <Menu
        align="end"
        trigger={
          <IconButton label={t("members.more", { name })} disabled={!open}>
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        }
      >
        <MenuItem onSelect={() => setRights(true)}>{t("members.rights")}</MenuItem>
        <MenuItem onSelect={() => setNaming(true)}>{t("members.rename")}</MenuItem>
        {!own && <MenuItem onSelect={() => void navigate({ to: "/settings/sessions", search: { member: String(member.user_id) } })}>{t("members.sessions")}</MenuItem>}
        {member.active ? (
          <MenuItem danger disabled={own} onSelect={() => setLeaving(true)}>
            {t("members.deactivate")}
          </MenuItem>
        ) : (
          <MenuItem onSelect={() => change.mutate({ active: true })}>{t("members.activate")}</MenuItem>
        )}
      </Menu>
      {rights && (
        <Suspense>
          <MemberRights member={member} name={name} onClose={() => setRights(false)} />
        </Suspense>
      )}
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
    </>
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
