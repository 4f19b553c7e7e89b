import { useSession } from "../../api/session.ts";
import type { Role } from "../../api/types.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { useForm } from "../../form/use-form.ts";
import { useLanguage } from "../../i18n/index.tsx";
import { TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { addRole, editRole, rolesQuery, type CustomRole } from "../api.ts";
import { useReread } from "../use-change.ts";
import { useRoles } from "./choice.ts";
import { permissionText } from "./texts.ts";

const reading = "conversation.read";
const replying = "conversation.reply";

interface Values {
  ja: string;
  en: string;
  base: Role;
  permissions: readonly string[];
}

/** Makes or changes a role of the workspace's own. Its base never changes. */
export function RoleForm({ role, onClose }: { role: CustomRole | null; onClose: () => void }) {
  const { t, locale } = useLanguage();
  const { roles, name } = useRoles();
  const reread = useReread(rolesQuery.queryKey);
  const { permissions: mine } = useSession();
  const baseOf = (base: Role) => roles.find(({ choice }) => choice === base);
  const heldBy = (base: Role) => (baseOf(base)?.ofKeys ?? []).filter((one) => mine.includes(one));
  const form = useForm<Values>({
    initial: { ja: role?.label.ja ?? "", en: role?.label.en ?? "", base: role?.base ?? "agent", permissions: role?.permissions ?? heldBy("agent") },
    check: ({ ja, en }) => ({ [locale]: ja.trim() || en.trim() ? "" : t("entry.check.missing") }),
    blame: { field_label_missing: locale },
    save: async ({ ja, en, base, permissions }) => {
      const body = { label: { ja: ja.trim(), en: en.trim() }, permissions: [...permissions] };
      await (role ? editRole(role, body) : addRole({ ...body, base: base as CustomRole["base"] }));
      await reread();
      onClose();
    },
  });
  const { base, permissions } = form.values;
  const names = [
    <TextField key="ja" {...form.text("ja")} label={t("roles.name_ja")} maxLength={100} autoComplete="off" />,
    <TextField key="en" {...form.text("en")} label={t("roles.name_en")} maxLength={100} autoComplete="off" />,
  ];
  return (
    <FormDialog form={form} title={role ? t("settings.edit_named", { name: name(`${role.id}`) }) : t("roles.add")} submit={role ? t("action.save") : t("settings.add")} onClose={onClose}>
      {locale === "ja" ? names : names.toReversed()}
      {role ? (
        <p className="text-sm text-muted">{t("roles.based_on", { role: t(`role.${base}`) })}</p>
      ) : (
        <Select<Role>
          label={t("roles.base")}
          hint={t("roles.base_hint")}
          value={base}
          onChange={(next) => form.set({ base: next, permissions: heldBy(next) })}
          options={roles.flatMap(({ base: value, label }) => (label || value === "owner" ? [] : { value, label: t(`role.${value}`) }))}
        />
      )}
      <Permissions may={mine} held={baseOf(base)?.ofKeys ?? []} open={baseOf(base)?.open ?? []} chosen={permissions} onChange={(next) => form.set({ permissions: next })} />
    </FormDialog>
  );
}

interface PermissionsProps {
  /** What the signed-in member may: nobody gives what they do not have. */
  may: readonly string[];
  held: readonly string[];
  open: readonly string[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** What the base has, then what it may be given, and in words how the role differs from it. */
function Permissions({ may, held, open, chosen, onChange }: PermissionsProps) {
  const { t } = useLanguage();
  const less = held.filter((one) => !chosen.includes(one));
  const more = open.filter((one) => chosen.includes(one));
  const box = (permission: string) => (
    <label key={permission} className="flex pressed items-center gap-2 text-sm">
      <input
        type="checkbox"
        className="size-4 shrink-0 accent-[var(--accent-fill)]"
        disabled={permission === reading || !may.includes(permission)}
        checked={chosen.includes(permission)}
        onChange={(event) => onChange(event.target.checked ? [...chosen, permission] : chosen.filter((one) => one !== permission))}
      />
      {permissionText(t, permission)}
    </label>
  );
  return (
    <>
      <fieldset className="flex flex-col">
        <legend className="mb-1 text-sm font-medium">{t("roles.held")}</legend>
        {held.map(box)}
      </fieldset>
      {open.length > 0 && (
        <fieldset className="flex flex-col">
          <legend className="mb-1 text-sm font-medium">{t("roles.open")}</legend>
          {open.map(box)}
        </fieldset>
      )}
      <output className="flex flex-col gap-2 rounded bg-sunken px-3 py-2 text-sm text-pretty">
        {less.length + more.length === 0 && t("roles.same")}
        <Named title={t("roles.less")} permissions={less} />
        {less.includes(replying) && <p>{t("roles.answers_no_more")}</p>}
        <Named title={t("roles.more")} permissions={more} />
      </output>
    </>
  );
}

function Named({ title, permissions }: { title: string; permissions: readonly string[] }) {
  const { t } = useLanguage();
  if (permissions.length === 0) return null;
  return (
    <div>
      <p className="font-medium">{title}</p>
      <ul className="list-disc pl-5">
        {permissions.map((one) => (
          <li key={one}>{permissionText(t, one)}</li>
        ))}
      </ul>
    </div>
  );
}
