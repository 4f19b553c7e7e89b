import { useQuery } from "@tanstack/react-query";
import { Check, Minus } from "lucide-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useSession } from "../../api/session.ts";
import type { Role } from "../../api/types.ts";
import { useT } from "../../i18n/index.tsx";
import { useMediaQuery } from "../../ui/media-query.ts";
import { Select } from "../../ui/select.tsx";
import { grantToRole, rolesQuery } from "../api.ts";
import { useRoles, type RoleChoice } from "./choice.ts";
import { OwnRoles } from "./own.tsx";
import { permissionText } from "./texts.ts";
import { Section, useMay } from "../section.tsx";
import { useChange } from "../use-change.ts";

/** Who may do what: the matrix, and what it leaves open as check boxes. */
export function RolesPage() {
  const t = useT();
  const may = useMay("roles");
  const { permissions: mine } = useSession();
  const { data } = useQuery(rolesQuery);
  const change = useChange(rolesQuery.queryKey, ({ role, grants }: { role: Role; grants: string[] }) => grantToRole(role, grants));
  const { roles: every, name } = useRoles();
  const narrow = !useMediaQuery("(min-width: 900px)");
  const [chosen, setChosen] = useState<RoleChoice>("agent");
  const roles = narrow ? every.filter(({ choice }) => choice === chosen) : every;
  return (
    <Section id="roles" wide>
      <p className="max-w-2xl text-sm text-muted">
        {t("roles.legend")} <Link to="/settings/members" className="underline">{t("roles.to_members")}</Link>
      </p>
      {data && narrow && <Select<RoleChoice> label={t("roles.role")} value={chosen} onChange={setChosen} options={every.map(({ choice }) => ({ value: choice, label: name(choice) }))} />}
      {data && (
        <div className="relative overflow-x-auto rounded-md border border-line">
          <table className="w-full text-sm" aria-label={t("settings.roles.title")}>
            <thead>
              <tr className="border-b border-line text-left">
                <th scope="col" className="px-4 py-2 font-medium">
                  {t("roles.permission")}
                </th>
                {roles.map(({ choice, label }) => (
                  <th key={choice} scope="col" className={`px-2 py-2 text-center font-medium ${label ? "max-w-40 min-w-24" : "whitespace-nowrap"}`}>
                    <bdi>{name(choice)}</bdi>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {(data.permissions ?? []).map((permission) => (
                <tr key={permission} className="h-10 border-b border-line last:border-0">
                  <th scope="row" className="px-4 py-2 text-left font-normal">
                    {permissionText(t, permission)}
                  </th>
                  {roles.map((role) => (
                    <td key={role.choice} className="px-2 py-2 text-center">
                      {!role.label && role.open.includes(permission) ? (
                        <input
                          type="checkbox"
                          className="size-5 align-middle accent-[var(--accent-fill)]"
                          aria-label={t("roles.grant", { permission: permissionText(t, permission), role: name(role.choice) })}
                          disabled={!may || change.isPending || !mine.includes(permission)}
                          checked={role.permissions.includes(permission)}
                          onChange={(event) => change.mutate({ role: role.base, grants: role.open.filter((one) => (one === permission ? event.target.checked : role.permissions.includes(one))) })}
                        />
                      ) : (
                        <Cell allowed={role.permissions.includes(permission)} />
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {data && <OwnRoles roles={data.custom ?? []} may={may} />}
    </Section>
  );
}

/** A cell that nobody changes here. */
function Cell({ allowed }: { allowed: boolean }) {
  const t = useT();
  const Mark = allowed ? Check : Minus;
  return (
    <span className={`inline-grid place-items-center align-middle ${allowed ? "text-ok" : "text-faint"}`}>
      <Mark size={allowed ? 16 : 14} aria-hidden />
      <span className="sr-only">{t(allowed ? "roles.always" : "roles.never")}</span>
    </span>
  );
}
