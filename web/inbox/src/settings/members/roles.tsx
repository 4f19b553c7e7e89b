import { useT } from "../../i18n/index.tsx";
import { roles } from "./rules.ts";

/** What each role is for, in a sentence. */
export function Roles() {
  const t = useT();
  return (
    <details className="rounded-md border border-line px-4 py-3" open>
      <summary className="w-fit cursor-default rounded font-medium">{t("members.roles")}</summary>
      <dl className="mt-2 grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[max-content_1fr]">
        {roles.map((role) => (
          <div key={role} className="contents">
            <dt className="font-medium">{t(`role.${role}`)}</dt>
            <dd className="mb-1 text-muted sm:mb-0">{t(`role.${role}_hint`)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
