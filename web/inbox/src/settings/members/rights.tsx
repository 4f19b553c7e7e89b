import { useQuery } from "@tanstack/react-query";
import { channelsQuery, membersQuery } from "../../api/desk.ts";
import { useSession } from "../../api/session.ts";
import type { Member } from "../../api/types.ts";
import { useForm } from "../../form/use-form.ts";
import { useT } from "../../i18n/index.tsx";
import { MultiCombobox } from "../../ui/combobox.tsx";
import { TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { editMember } from "../api.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { choiceOf, useRoles } from "../roles/choice.ts";
import { permissionText } from "../roles/texts.ts";
import { useReread } from "../use-change.ts";

const scopes = ["all", "team", "own"] as const;

/** What one member sees, whose customers they are given, and what they may do beyond their role. */
export default function MemberRights({ member, name, onClose }: { member: Member; name: string; onClose: () => void }) {
  const t = useT();
  const reread = useReread(membersQuery.queryKey);
  const { workspace } = useSession();
  const role = useRoles().roles.find(({ choice }) => choice === choiceOf(member));
  const { data: channels } = useQuery(channelsQuery);
  const form = useForm({
    initial: { scope: member.scope, channel_ids: member.channel_ids ?? [], grants: member.grants ?? [], capacity: member.capacity ? String(member.capacity) : "" },
    check: ({ capacity }) => ({ capacity: /^(\d{1,2}|100)?$/.test(capacity.normalize("NFKC").trim()) ? "" : t("staffing.number_wrong", { min: 1, max: 100 }) }),
    save: async (values) => {
      const open = role?.open ?? [];
      await editMember(member.user_id, { scope: values.scope, channel_ids: values.channel_ids, capacity: Number(values.capacity.normalize("NFKC")), grants: values.grants.filter((one) => open.includes(one)) });
      await reread();
      onClose();
    },
  });
  return (
    <FormDialog form={form} title={t("members.rights_of", { name })} submit={t("action.save")} onClose={onClose}>
      <Select
        label={t("members.scope")}
        hint={t(`scope.${form.values.scope}_hint`)}
        value={form.values.scope}
        onChange={(scope) => form.set({ scope })}
        options={scopes.map((scope) => ({ value: scope, label: t(`scope.${scope}`) }))}
      />
      <TextField {...form.text("capacity")} label={t("members.capacity")} hint={t("members.capacity_hint", { count: workspace.capacity })} inputMode="numeric" maxLength={3} />
      {channels && (
        <div className="flex flex-col gap-1">
          <MultiCombobox
            label={t("members.channels")}
            items={[
              ...channels.map((one) => ({ value: one.id, label: one.name })),
              ...(member.channel_ids ?? []).filter((id) => channels.every((one) => one.id !== id)).map((id) => ({ value: id, label: t("members.channel_deleted") })),
            ]}
            value={form.values.channel_ids}
            onChange={(channel_ids) => form.set({ channel_ids })}
            placeholder={t(form.values.channel_ids.length === 0 ? "members.channels_all" : "members.channels_find")}
            removeLabel={(channel) => t("members.channel_remove", { name: channel })}
          />
          <p className="text-xs text-muted">{t("members.channels_hint")}</p>
        </div>
      )}
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 text-sm font-medium">{t("members.grants")}</legend>
        {role && role.open.length === 0 && <p className="text-sm text-muted">{t("members.grants_none")}</p>}
        {(role?.open ?? []).map((permission) => {
          const everybody = role?.permissions.includes(permission) ?? false;
          return (
            <label key={permission} className="flex pressed items-center gap-2 text-sm">
              <input
                type="checkbox"
                className="size-4 shrink-0 accent-[var(--accent-fill)]"
                disabled={everybody}
                checked={everybody || form.values.grants.includes(permission)}
                onChange={(event) => form.set({ grants: event.target.checked ? [...form.values.grants, permission] : form.values.grants.filter((one) => one !== permission) })}
              />
              <span>
                {permissionText(t, permission)}
                {everybody && <span className="text-xs text-muted"> ({t("members.grants_by_role")})</span>}
              </span>
            </label>
          );
        })}
      </fieldset>
    </FormDialog>
  );
}
