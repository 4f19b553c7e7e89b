import type { Member, Role } from "../../api/types.ts";
import { choiceOf, covers, type RoleOption } from "../roles/choice.ts";

/** All roles, from least to most (J1). */
export const roles: readonly Role[] = ["viewer", "agent", "supervisor", "admin", "owner"];

/** The roles that somebody with these permissions may give. */
export const rolesToGive = <Given extends Pick<RoleOption, "permissions">>(mine: readonly string[], all: readonly Given[]): Given[] => all.filter(({ permissions }) => covers(mine, permissions));

/** Whether somebody with these permissions may change a member, given that they manage members at all: not who may more. */
export function mayChange(mine: readonly string[], other: Pick<Member, "role" | "custom_role_id" | "grants">, all: readonly RoleOption[]): boolean {
  const role = all.find(({ choice }) => choice === choiceOf(other));
  return role !== undefined && covers(mine, [...role.permissions, ...(other.grants ?? []).filter((one) => role.open.includes(one))]);
}
