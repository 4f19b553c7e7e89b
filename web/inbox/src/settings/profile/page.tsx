import { useQueryClient } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { useRef, useState } from "react";
import { useLeave } from "../../account/leave.ts";
import { membersQuery } from "../../api/desk.ts";
import { adopt, sessionQuery, useSession } from "../../api/session.ts";
import type { Locale, Member, Session } from "../../api/types.ts";
import { check, minPassword } from "../../form/person.ts";
import { SaveBar } from "../../form/save-bar.tsx";
import { useForm } from "../../form/use-form.ts";
import { useT } from "../../i18n/index.tsx";
import { ownZone } from "../../i18n/zones.ts";
import { useEnter } from "../../signin/enter.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { PasswordField } from "../../ui/password-field.tsx";
import { Select } from "../../ui/select.tsx";
import { useToast } from "../../ui/toast.tsx";
import { ZoneField } from "../../ui/zone-field.tsx";
import { changePassword, editMember, editProfile, enterWorkspace, sendAvatar } from "../api.ts";
import { languages } from "../languages.ts";
import { Group, Section } from "../section.tsx";

/** Who one is to colleagues and customers, and how one signs in. */
export function ProfilePage() {
  const { memberships } = useSession();
  return (
    <Section id="profile">
      <Picture />
      <Person />
      <Password />
      {memberships.length > 1 && <Workspaces />}
      <SignOut />
    </Section>
  );
}

/** Puts a changed member into what the screens know. */
function useKnown() {
  const queries = useQueryClient();
  return (member: Member) => {
    queries.setQueryData<Session>(sessionQuery.queryKey, (now) => now && { ...now, member });
    queries.setQueryData<Member[]>(membersQuery.queryKey, (all) => all?.map((one) => (one.user_id === member.user_id ? member : one)));
  };
}

function Picture() {
  const t = useT();
  const toast = useToast();
  const known = useKnown();
  const { user, member } = useSession();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const send = async (file: File) => {
    setBusy(true);
    try {
      known(await sendAvatar(file));
      toast.say(t("profile.picture.changed"));
    } catch (error) {
      toast.problem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="flex items-center gap-4">
      <Avatar name={member.display_name || user.name} id={user.id} url={member.avatar_url} size={64} />
      <div className="flex flex-col items-start gap-1.5">
        <Button busy={busy} onClick={() => input.current?.click()}>
          {t("profile.picture.choose")}
        </Button>
        <p className="text-xs text-muted">{t("profile.picture.hint")}</p>
      </div>
      <input
        ref={input}
        type="file"
        accept="image/jpeg,image/png,image/gif,image/webp"
        aria-label={t("profile.picture.choose")}
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) void send(file);
        }}
      />
    </div>
  );
}

function Person() {
  const t = useT();
  const queries = useQueryClient();
  const known = useKnown();
  const { user, member } = useSession();
  const form = useForm({
    initial: { name: user.name, display_name: member.display_name, locale: user.locale, zone: user.zone || ownZone() },
    check: ({ name }) => ({ name: check.filled(t, name) }),
    save: async (_, { display_name, ...profile }) => {
      if (Object.keys(profile).length > 0) {
        const session = adopt(await editProfile(profile));
        queries.setQueryData(sessionQuery.queryKey, session);
      }
      if (display_name !== undefined) known(await editMember(user.id, { display_name: display_name.trim() }));
    },
  });
  return (
    <form {...form.props} className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField {...form.text("name")} label={t("entry.name")} hint={t("profile.name_hint")} autoComplete="name" maxLength={100} />
        <TextField {...form.text("display_name")} label={t("profile.display_name")} hint={t("profile.display_name_hint")} placeholder={form.values.name} maxLength={100} autoComplete="nickname" />
        <TextField label={t("entry.email")} hint={t("profile.email_hint")} value={user.email} readOnly className="bg-sunken text-muted" />
        <Select<Locale> label={t("entry.language")} hint={t("profile.language_hint")} value={form.values.locale} onChange={(locale) => form.set({ locale })} options={languages()} />
      </div>
      <ZoneField label={t("entry.zone")} hint={t("profile.zone_hint")} value={form.values.zone} onChange={(zone) => form.set({ zone })} />
      <SaveBar form={form} />
    </form>
  );
}

function Password() {
  const t = useT();
  const toast = useToast();
  const { user } = useSession();
  const empty = { current: "", new: "" };
  const form = useForm({
    initial: empty,
    check: (values) => ({ current: values.current ? "" : t("entry.check.missing"), new: check.newPassword(t, values.new) }),
    save: async (values) => {
      await changePassword(values.current, values.new);
      toast.say(t("profile.password.changed"));
      return empty;
    },
  });
  return (
    <Group title={t("profile.password")} hint={t("profile.password.hint")}>
      <form {...form.props} className="flex flex-col items-start gap-4">
        <input type="email" name="username" autoComplete="username" value={user.email} readOnly hidden />
        <div className="grid w-full gap-4 sm:grid-cols-2">
          <PasswordField {...form.text("current")} label={t("profile.password.current")} autoComplete="current-password" />
          <PasswordField {...form.text("new")} label={t("profile.password.new")} hint={t("entry.min_password", { min: minPassword })} autoComplete="new-password" />
        </div>
        {form.failure && (
          <p role="alert" className="text-sm text-danger">
            {form.failure}
          </p>
        )}
        <Button type="submit" busy={form.busy}>
          {t("profile.password.change")}
        </Button>
      </form>
    </Group>
  );
}

function Workspaces() {
  const t = useT();
  const toast = useToast();
  const enter = useEnter();
  const { memberships, workspace } = useSession();
  return (
    <Group title={t("profile.workspaces")}>
      <div className="max-w-sm">
        <Select
          label={t("profile.workspaces.now")}
          value={String(workspace.id)}
          onChange={(id) => {
            if (Number(id) !== workspace.id) enterWorkspace(Number(id)).then((session) => enter(session)).catch(toast.problem);
          }}
          options={memberships.map(({ workspace_id, name }) => ({ value: String(workspace_id), label: name }))}
        />
      </div>
    </Group>
  );
}

function SignOut() {
  const t = useT();
  const leave = useLeave();
  return (
    <Group title={t("profile.sign_out")} hint={t("profile.sign_out.hint")}>
      <Button className="self-start" onClick={() => void leave()}>
        <LogOut size={15} aria-hidden /> {t("profile.sign_out")}
      </Button>
    </Group>
  );
}
