import { useQuery } from "@tanstack/react-query";
import { Check, Minus } from "lucide-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Role } from "../../api/types.ts";
import { useT } from "../../i18n/index.tsx";
import { useMediaQuery } from "../../ui/media-query.ts";
import { Select } from "../../ui/select.tsx";
import { grantToRole, rolesQuery } from "../api.ts";
import { permissionText } from "./texts.ts";
import { Section, useMay } from "../section.tsx";
import { useChange } from "../use-change.ts";

/** Who may do what: the matrix, and what it leaves open as check boxes. */
export function RolesPage() {
  const t = useT();
  const may = useMay("roles");
  const { data } = useQuery(rolesQuery);
  const change = useChange(rolesQuery.queryKey, ({ role, grants }: { role: Role; grants: string[] }) => grantToRole(role, grants));
  const every = data?.roles ?? [];
  const narrow = !useMediaQuery("(min-width: 900px)");
  const [chosen, setChosen] = useState<Role>("agent");
  const roles = narrow ? every.filter(({ role }) => role === chosen) : every;
  return (
    <Section id="roles" wide>
      <p className="max-w-2xl text-sm text-muted">
        {t("roles.legend")} <Link to="/settings/members" className="underline">{t("roles.to_members")}</Link>
      </p>
      {data && narrow && <Select<Role> label={t("roles.role")} value={chosen} onChange={setChosen} options={every.map(({ role }) => ({ value: role, label: t(`role.${role}`) }))} />}
      {data && (
        <div className="relative overflow-hidden rounded-md border border-line">
          <table className="w-full text-sm" aria-label={t("settings.roles.title")}>
            <thead>
              <tr className="border-b border-line text-left">
                <th scope="col" className="px-4 py-2 font-medium">
                  {t("roles.permission")}
                </th>
                {roles.map(({ role }) => (
                  <th key={role} scope="col" className="px-2 py-2 text-center font-medium whitespace-nowrap">
                    {t(`role.${role}`)}
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
                  {roles.map(({ role, held, open, grants }) => (
                    <td key={role} className="px-2 py-2 text-center">
                      {held?.includes(permission) ? (
                        <span className="inline-grid place-items-center align-middle text-ok">
                          <Check size={16} aria-hidden />
                          <span className="sr-only">{t("roles.always")}</span>
                        </span>
                      ) : open?.includes(permission) ? (
                        <input
                          type="checkbox"
                          className="size-5 align-middle accent-[var(--accent-fill)]"
                          aria-label={t("roles.grant", { permission: permissionText(t, permission), role: t(`role.${role}`) })}
                          disabled={!may || change.isPending}
                          checked={grants?.includes(permission) ?? false}
                          onChange={(event) => change.mutate({ role, grants: event.target.checked ? [...(grants ?? []), permission] : (grants ?? []).filter((one) => one !== permission) })}
                        />
                      ) : (
                        <span className="inline-grid place-items-center align-middle text-faint">
                          <Minus size={14} aria-hidden />
                          <span className="sr-only">{t("roles.never")}</span>
                        </span>
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}
