import { teamsQuery } from "../../api/desk.ts";
import type { Member, Team } from "../../api/types.ts";
import { check } from "../../form/person.ts";
import { useForm } from "../../form/use-form.ts";
import { useT } from "../../i18n/index.tsx";
import { Avatar } from "../../ui/avatar.tsx";
import { MultiCombobox } from "../../ui/combobox.tsx";
import { TextField } from "../../ui/field.tsx";
import { addTeam, editTeam } from "../api.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { useReread } from "../use-change.ts";
import { named } from "./named.ts";

/** Name and members of a team; null makes a new one. */
export default function TeamForm({ team, members, onClose }: { team: Team | null; members: readonly Member[]; onClose: () => void }) {
  const t = useT();
  const reread = useReread(teamsQuery.queryKey);
  const form = useForm({
    initial: { name: team?.name ?? "", member_ids: team?.member_ids ?? [] },
    check: ({ name }) => ({ name: check.filled(t, name) }),
    blame: { team_taken: "name" },
    save: async ({ name, member_ids }) => {
      if (team) await editTeam(team.id, { name: name.trim(), member_ids });
      else await addTeam({ name: name.trim(), member_ids });
      await reread();
      onClose();
    },
  });
  const choosable = members.filter((member) => member.active || form.values.member_ids.includes(member.user_id));
  return (
    <FormDialog form={form} title={team ? t("settings.edit_named", { name: team.name }) : t("teams.add")} submit={team ? t("action.save") : t("settings.add")} onClose={onClose}>
      <TextField {...form.text("name")} label={t("teams.name")} maxLength={60} autoComplete="off" />
      <MultiCombobox
        label={t("teams.members")}
        items={choosable.map((member) => ({ value: member.user_id, label: named(member), icon: <Avatar name={named(member)} id={member.user_id} url={member.avatar_url} size={20} /> }))}
        value={form.values.member_ids}
        onChange={(member_ids) => form.set({ member_ids })}
        placeholder={t("teams.members_find")}
        removeLabel={(name) => t("teams.member_remove", { name })}
      />
    </FormDialog>
  );
}
