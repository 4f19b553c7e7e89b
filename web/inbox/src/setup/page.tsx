import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { post } from "../api/request.ts";
import { setupQuery } from "../api/session.ts";
import type { Session } from "../api/types.ts";
import { Waiting } from "../app/outcomes.tsx";
import { check, minPassword } from "../form/person.ts";
import { useForm } from "../form/use-form.ts";
import { useLanguage } from "../i18n/index.tsx";
import { ownZone } from "../i18n/zones.ts";
import { useEnter } from "../signin/enter.ts";
import { EntryFrame } from "../signin/entry-frame.tsx";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { ZoneField } from "../ui/zone-field.tsx";

/** The first visit: makes the workspace and its owner. */
export function SetupPage() {
  const setup = useQuery(setupQuery);
  if (setup.isPending) return <Waiting />;
  if (setup.data && !setup.data.needed) return <Navigate to="/signin" replace />;
  return <SetupForm />;
}

function SetupForm() {
  const { t, locale } = useLanguage();
  const enter = useEnter();
  const form = useForm({
    initial: { workspace: "", name: "", email: "", password: "", zone: ownZone() },
    check: ({ workspace, name, email, password }) => ({
      workspace: check.filled(t, workspace),
      name: check.filled(t, name),
      email: check.email(t, email),
      password: check.newPassword(t, password),
    }),
    blame: { email_taken: "email" },
    save: async ({ workspace, name, email, password, zone }) =>
      enter(await post<Session>("/setup", { workspace: workspace.trim(), name: name.trim(), email: email.trim(), password, locale, zone, code: location.hash.slice(1) })),
  });
  return (
    <EntryFrame title={t("setup.title")} purpose={t("setup.purpose")} wide>
      <form {...form.props} className="flex flex-col gap-4">
        <TextField {...form.text("workspace")} label={t("setup.workspace")} hint={t("setup.workspace_hint")} autoComplete="organization" maxLength={100} />
        <TextField {...form.text("name")} label={t("entry.name")} hint={t("setup.name_hint")} autoComplete="name" maxLength={100} />
        <TextField {...form.text("email")} label={t("entry.email")} hint={t("setup.email_hint")} type="email" autoComplete="username" autoCapitalize="none" spellCheck={false} maxLength={254} />
        <PasswordField {...form.text("password")} label={t("entry.password")} hint={t("entry.min_password", { min: minPassword })} autoComplete="new-password" minLength={minPassword} />
        <ZoneField label={t("entry.zone")} hint={t("setup.zone_hint")} value={form.values.zone} onChange={(zone) => form.set({ zone })} />
        {form.failure && (
          <p role="alert" className="text-sm text-danger">
            {form.failure}
          </p>
        )}
        <Button type="submit" look="primary" size="lg" busy={form.busy} className="mt-1">
          {t("setup.submit")}
        </Button>
      </form>
    </EntryFrame>
  );
}
