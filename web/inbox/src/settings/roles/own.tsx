import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { membersQuery } from "../../api/desk.ts";
import { useSession } from "../../api/session.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { useForm } from "../../form/use-form.ts";
import { useT } from "../../i18n/index.tsx";
import { Button } from "../../ui/button.tsx";
import { Select } from "../../ui/select.tsx";
import { removeRole, rolesQuery, type CustomRole } from "../api.ts";
import { rolesToGive } from "../members/rules.ts";
import { EditAndDelete, Group, Lines } from "../section.tsx";
import { useReread } from "../use-change.ts";
import { chosen, covers, useRoles, type RoleChoice } from "./choice.ts";
import { RoleForm } from "./form.tsx";

/** The workspace's own roles: one of the five each, with other permissions. */
export function OwnRoles({ roles, may }: { roles: readonly CustomRole[]; may: boolean }) {
  const t = useT();
  const { permissions: mine } = useSession();
  const { name } = useRoles();
  const { data: members = [] } = useQuery(membersQuery);
  const [edited, setEdited] = useState<CustomRole | "new" | null>(null);
  const [leaving, setLeaving] = useState<CustomRole | null>(null);
  const add = may && (
    <Button onClick={() => setEdited("new")}>
      <Plus size={15} aria-hidden /> {t("roles.add")}
    </Button>
  );
  return (
    <Group title={t("roles.own")} hint={t("roles.own_hint")} actions={add}>
      {roles.length > 0 && (
        <Lines label={t("roles.own")}>
          {roles.map((role) => {
            const called = name(`${role.id}`);
            const above = !covers(mine, role.permissions ?? []);
            return (
              <li key={role.id} className="flex min-h-11 items-center gap-3 py-1.5 pr-2 pl-4">
                <div className="min-w-0 flex-1">
                  <bdi className="block truncate font-medium">{called}</bdi>
                  <p className="text-xs text-muted">
                    {t("roles.based_on", { role: t(`role.${role.base}`) })} · {t("roles.held_by", { count: members.filter(({ custom_role_id }) => custom_role_id === role.id).length })}
                    {may && above && ` · ${t("roles.above")}`}
                  </p>
                </div>
                {may && <EditAndDelete name={called} disabled={above} onEdit={() => setEdited(role)} onDelete={() => setLeaving(role)} />}
              </li>
            );
          })}
        </Lines>
      )}
      {edited && <RoleForm role={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
      {leaving && <DeleteRole role={leaving} name={name(`${leaving.id}`)} onClose={() => setLeaving(null)} />}
    </Group>
  );
}

/** Asks what whoever has the role gets instead. */
function DeleteRole({ role, name, onClose }: { role: CustomRole; name: string; onClose: () => void }) {
  const t = useT();
  const { permissions: mine } = useSession();
  const { roles, name: nameOf } = useRoles();
  const rereadRoles = useReread(rolesQuery.queryKey);
  const rereadMembers = useReread(membersQuery.queryKey);
  const others = rolesToGive(mine, roles).filter(({ choice }) => choice !== `${role.id}` && choice !== "owner");
  const form = useForm<{ instead: RoleChoice }>({
    initial: { instead: others.some(({ choice }) => choice === role.base) ? role.base : "viewer" },
    save: async ({ instead }) => {
      await removeRole(role.id, chosen(instead));
      await Promise.all([rereadRoles(), rereadMembers()]);
      onClose();
    },
  });
  return (
    <FormDialog form={form} title={t("settings.delete_question", { name })} submit={t("action.delete")} danger onClose={onClose}>
      <Select<RoleChoice>
        label={t("roles.instead")}
        hint={t("roles.instead_hint")}
        value={form.values.instead}
        onChange={(instead) => form.set({ instead })}
        options={others.map(({ choice }) => ({ value: choice, label: nameOf(choice) }))}
      />
    </FormDialog>
  );
}
