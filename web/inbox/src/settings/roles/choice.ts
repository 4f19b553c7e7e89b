import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import type { Id, Labels, Role } from "../../api/types.ts";
import { labelIn } from "../../customer/custom-field.tsx";
import { useLanguage } from "../../i18n/index.tsx";
import { rolesQuery, type Matrix } from "../api.ts";

/** A role as a form's value: one of the five by its name, one of the workspace's own by its id. */
export type RoleChoice = Role | `${number}`;

/** A role that members and API keys may have. */
export interface RoleOption {
  choice: RoleChoice;
  base: Role;
  /** Of the workspace's own roles. */
  label: Labels | null;
  /** All that it may, with what was granted to everybody who has it. */
  permissions: readonly string[];
  /** What an API key with it may: grants are for members. */
  ofKeys: readonly string[];
  /** What may be granted to one member besides. */
  open: readonly string[];
}

/** The five, then the workspace's own. */
export function rolesOf({ roles, custom }: Pick<Matrix, "roles" | "custom">): RoleOption[] {
  const five = (roles ?? []).map(({ role, held, open, grants }): RoleOption => ({ choice: role, base: role, label: null, permissions: [...(held ?? []), ...(grants ?? [])], ofKeys: held ?? [], open: open ?? [] }));
  const own = (custom ?? []).map(({ id, base, label, permissions }): RoleOption => ({ choice: `${id}`, base, label, permissions: permissions ?? [], ofKeys: permissions ?? [], open: five.find((one) => one.choice === base)?.open ?? [] }));
  return [...five, ...own];
}

/** The role that a member or key has. */
export const choiceOf = ({ role, custom_role_id }: { role: Role; custom_role_id?: Id | undefined }): RoleChoice => (custom_role_id ? `${custom_role_id}` : role);

/** The same as the API takes it. */
export const chosen = (choice: RoleChoice): { role: Role } | { custom_role_id: Id } => (/^\d/.test(choice) ? { custom_role_id: Number(choice) } : { role: choice as Role });

/** Whether somebody may give what others have, or change who has it: nobody gives what they do not have (J3). */
export const covers = (mine: readonly string[], theirs: readonly string[]): boolean => theirs.every((one) => mine.includes(one));

/** The roles, and their names. */
export function useRoles(): { roles: readonly RoleOption[]; name: (choice: RoleChoice) => string } {
  const { t, locale } = useLanguage();
  const { data } = useQuery(rolesQuery);
  const roles = useMemo(() => (data ? rolesOf(data) : []), [data]);
  const name = useCallback(
    (choice: RoleChoice) => {
      if (!/^\d/.test(choice)) return t(`role.${choice as Role}`);
      const label = roles.find((one) => one.choice === choice)?.label;
      return label ? labelIn(label, locale) : "";
    },
    [t, locale, roles],
  );
  return { roles, name };
}
