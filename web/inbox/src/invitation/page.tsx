import { queryOptions, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Problem } from "../api/problem.ts";
import { get, post } from "../api/request.ts";
import { sessionQuery } from "../api/session.ts";
import type { Session } from "../api/types.ts";
import type { Invitation } from "../settings/api.ts";
import { Waiting } from "../app/outcomes.tsx";
import { check, minPassword } from "../form/person.ts";
import { useForm } from "../form/use-form.ts";
import { useLanguage, useT } from "../i18n/index.tsx";
import { ownZone } from "../i18n/zones.ts";
import { useEnter } from "../signin/enter.ts";
import { EntryFrame } from "../signin/entry-frame.tsx";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { sentence } from "../ui/toast.tsx";

const route = getRouteApi("/invitations/$token");
const invitationQuery = (token: string) => queryOptions({ queryKey: ["invitation", token], queryFn: () => get<Invitation>(`/invitations/${encodeURIComponent(token)}`), retry: false, staleTime: 0 });

/** Where a link to join leads. */
export function InvitationPage() {
  const { token } = route.useParams();
  const invitation = useQuery(invitationQuery(token));
  if (invitation.isPending) return <Waiting />;
  if (invitation.isError) return <Gone error={invitation.error} />;
  return <Join token={token} invitation={invitation.data} />;
}

function Join({ token, invitation }: { token: string; invitation: Invitation }) {
  const { t, rich, locale } = useLanguage();
  const enter = useEnter();
  const session = useQuery(sessionQuery);
  const known = !invitation.needs_password;
  const form = useForm({
    initial: { name: "", password: "" },
    check: ({ name, password }) => ({
      name: known ? "" : check.filled(t, name),
      password: known ? (password ? "" : t("entry.check.missing")) : check.newPassword(t, password),
    }),
    save: async ({ name, password }) =>
      enter(await post<Session>(`/invitations/${encodeURIComponent(token)}`, known ? { password } : { name: name.trim(), password, locale, zone: ownZone() })),
  });
  if (form.problem && [404, 410].includes(form.problem.status)) return <Gone error={form.problem} />;
  const other = session.data && session.data.user.email !== invitation.email ? session.data.user.email : "";
  return (
    <EntryFrame
      title={t("invitation.title", { workspace: invitation.workspace })}
      purpose={rich(known ? "invitation.purpose_known" : "invitation.purpose_new", { email: <b className="font-medium text-ink">{invitation.email}</b> })}
    >
      <form {...form.props} className="flex flex-col gap-4">
        {other && <Notice>{t("invitation.other_session", { email: other, invited: invitation.email })}</Notice>}
        <input type="email" name="email" autoComplete="username" value={invitation.email} readOnly hidden />
        {!known && <TextField {...form.text("name")} label={t("entry.name")} autoComplete="name" maxLength={100} />}
        <PasswordField
          {...form.text("password")}
          label={t("entry.password")}
          autoComplete={known ? "current-password" : "new-password"}
          {...(known ? {} : { hint: t("entry.min_password", { min: minPassword }) })}
        />
        {form.failure && (
          <p role="alert" className="text-sm text-danger">
            {form.failure}
          </p>
        )}
        <Button type="submit" look="primary" size="lg" busy={form.busy}>
          {t("invitation.submit")}
        </Button>
      </form>
    </EntryFrame>
  );
}

/** A link that leads nowhere any more: why, and what to do. */
function Gone({ error }: { error: Error }) {
  const t = useT();
  const refused = error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429;
  const expired = error instanceof Problem && error.code === "invite_expired";
  return (
    <EntryFrame title={t("invitation.gone.title")} purpose={refused ? t(expired ? "invitation.gone.expired" : "invitation.gone.used") : sentence(t, error).text}>
      <Link to="/signin" className="inline-flex min-h-10 items-center font-medium">
        {t("invitation.to_signin")}
      </Link>
    </EntryFrame>
  );
}
