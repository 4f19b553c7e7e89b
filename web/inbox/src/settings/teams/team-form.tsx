import { teamsQuery } from "../../api/desk.ts";
import type { Member, Team } from "../../api/types.ts";
import { check } from "../../form/person.ts";
import { useForm } from "../../form/use-form.ts";
import { useLanguage } from "../../i18n/index.tsx";
import { Avatar } from "../../ui/avatar.tsx";
import { MultiCombobox } from "../../ui/combobox.tsx";
import { TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Select } from "../../ui/select.tsx";
import { Switch } from "../../ui/switch.tsx";
import { addTeam, editTeam, type TeamDraft } from "../api.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { useReread } from "../use-change.ts";
import { MemberOrder } from "./member-order.tsx";
import { named } from "./named.ts";

const modes = ["round_robin", "spare", "manual"] as const;
const accepts = ["automatic", "offer"] as const;

/** Name and members of a team, and how its tickets find one of them (E3, E12); null makes a new one. */
export default function TeamForm({ team, members, onClose }: { team: Team | null; members: readonly Member[]; onClose: () => void }) {
  const { t, format } = useLanguage();
  const reread = useReread(teamsQuery.queryKey);
  const form = useForm<TeamDraft>({
    initial: { name: team?.name ?? "", member_ids: team?.member_ids ?? [], mode: team?.mode ?? "round_robin", accept: team?.accept ?? "automatic", ageing: team?.ageing ?? false },
    check: ({ name }) => ({ name: check.filled(t, name) }),
    blame: { team_taken: "name" },
    save: async (values) => {
      const draft = { ...values, name: values.name.trim() };
      if (team) await editTeam(team.id, draft);
      else await addTeam(draft);
      await reread();
      onClose();
    },
  });
  const { member_ids: ids, mode, accept, ageing } = form.values;
  const choosable = members.filter((member) => member.active || ids.includes(member.user_id));
  const chosen = ids.flatMap((id) => members.find((member) => member.user_id === id) ?? []);
  const silent = chosen.filter(({ active, answers }) => active && !answers);
  return (
    <FormDialog form={form} title={team ? t("settings.edit_named", { name: team.name }) : t("teams.add")} submit={team ? t("action.save") : t("settings.add")} onClose={onClose}>
      <TextField {...form.text("name")} label={t("teams.name")} maxLength={60} autoComplete="off" />
      <MultiCombobox
        label={t("teams.members")}
        items={choosable.map((member) => ({ value: member.user_id, label: named(member), icon: <Avatar name={named(member)} id={member.user_id} url={member.avatar_url} size={20} /> }))}
        value={ids}
        onChange={(member_ids) => form.set({ member_ids })}
        placeholder={t("teams.members_find")}
        removeLabel={(name) => t("teams.member_remove", { name })}
      />
      <output className="block empty:hidden">{silent.length > 0 && <Notice look="warn">{t("teams.never_answer", { names: format.list(silent.map(named)) })}</Notice>}</output>
      <Select
        label={t("teams.mode")}
        hint={t(`teams.mode.${mode}_hint`)}
        value={mode}
        onChange={(next) => form.set({ mode: next })}
        options={modes.map((value) => ({ value, label: t(`teams.mode.${value}`) }))}
      />
      {mode !== "manual" && (
        <>
          {chosen.length > 1 && <MemberOrder members={chosen} onChange={(member_ids) => form.set({ member_ids })} />}
          <Select
            label={t("teams.accept")}
            hint={t(`teams.accept.${accept}_hint`)}
            value={accept}
            onChange={(next) => form.set({ accept: next })}
            options={accepts.map((value) => ({ value, label: t(`teams.accept.${value}`) }))}
          />
          <Switch label={t("teams.ageing")} hint={t("teams.ageing_hint")} checked={ageing} onChange={(next) => form.set({ ageing: next })} />
        </>
      )}
    </FormDialog>
  );
}
