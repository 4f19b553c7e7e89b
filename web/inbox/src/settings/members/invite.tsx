import { useState } from "react";
import { useSession } from "../../api/session.ts";
import { check } from "../../form/person.ts";
import { useForm } from "../../form/use-form.ts";
import { useT } from "../../i18n/index.tsx";
import { TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Select } from "../../ui/select.tsx";
import { invite, invitesQuery, type Invited } from "../api.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { OneTime } from "../one-time.tsx";
import { useReread } from "../use-change.ts";
import { chosen, useRoles, type RoleChoice } from "../roles/choice.ts";
import { rolesToGive } from "./rules.ts";

/** Makes a link with which somebody joins. */
export function InviteMember({ onClose }: { onClose: () => void }) {
  const t = useT();
  const { permissions } = useSession();
  const { roles, name } = useRoles();
  const reread = useReread(invitesQuery.queryKey);
  const [made, setMade] = useState<(Invited & { email: string }) | null>(null);
  const form = useForm<{ email: string; role: RoleChoice }>({
    initial: { email: "", role: "agent" },
    check: ({ email }) => ({ email: check.email(t, email) }),
    blame: { already_member: "email" },
    save: async ({ email, role }) => {
      const answer = await invite(email.trim(), chosen(role));
      setMade({ ...answer, email: email.trim(), link: new URL(answer.link, location.origin).href });
      await reread();
    },
  });
  const role = roles.find(({ choice }) => choice === form.values.role);
  if (made) {
    return (
      <OneTime title={t("members.invited", { email: made.email })} label={t("members.link")} text={made.link} warning={t("members.link_hint")} onClose={onClose}>
        <Mailed {...made} />
      </OneTime>
    );
  }
  return (
    <FormDialog form={form} title={t("members.invite")} description={t("members.invite_hint")} submit={t("members.invite_do")} onClose={onClose}>
      <TextField {...form.text("email")} label={t("entry.email")} type="email" autoComplete="off" autoCapitalize="none" spellCheck={false} maxLength={254} />
      <Select<RoleChoice>
        label={t("members.role")}
        hint={role && (role.label ? t("roles.based_on", { role: t(`role.${role.base}`) }) : t(`role.${role.base}_hint`))}
        value={form.values.role}
        onChange={(role) => form.set({ role })}
        options={rolesToGive(permissions, roles).map(({ choice }) => ({ value: choice, label: name(choice) }))}
      />
    </FormDialog>
  );
}

/** Whether the link went by e-mail too, or why the host has to hand it on. */
function Mailed({ email, mailed, not_mailed, mail_answer = "" }: Invited & { email: string }) {
  const t = useT();
  if (mailed) return <p className="text-sm text-muted">{t("members.link_mailed", { email })}</p>;
  if (!not_mailed) return null;
  if (not_mailed === "mail_off") return <p className="text-sm text-muted">{t("members.not_mailed.mail_off")}</p>;
  return <Notice look="warn">{t(`members.not_mailed.${not_mailed}`, { email, answer: mail_answer })}</Notice>;
}
