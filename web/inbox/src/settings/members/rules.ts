import type { Member, Role } from "../../api/types.ts";

/** All roles, from least to most (J1). */
export const roles: readonly Role[] = ["viewer", "agent", "supervisor", "admin", "owner"];

/** The roles that a member with this one may give; only owners make owners (J3). */
export const rolesToGive = (mine: Role): readonly Role[] => (mine === "owner" ? roles : roles.filter((role) => role !== "owner"));

/** Whether one member may change another, given that they manage members at all: owners are left to owners (J3). */
export const mayChange = (me: Pick<Member, "role">, other: Pick<Member, "role">): boolean => other.role !== "owner" || me.role === "owner";
