import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Navigate } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { put } from "../api/request.ts";
import { adopt, sessionQuery, setupQuery, signIn } from "../api/session.ts";
import type { Session } from "../api/types.ts";
import { check } from "../form/person.ts";
import { useForm } from "../form/use-form.ts";
import { useT } from "../i18n/index.tsx";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { useToast } from "../ui/toast.tsx";
import { useEnter } from "./enter.ts";
import { EntryFrame } from "./entry-frame.tsx";

const route = getRouteApi("/signin");

/** The way in, and the choice of a workspace for those who have several. */
export function SigninPage() {
  const { next } = route.useSearch();
  const enter = useEnter();
  const [choice, setChoice] = useState<Session | null>(null);
  const setup = useQuery(setupQuery);
  const already = useQuery(sessionQuery);

  if (choice) return <ChooseWorkspace session={choice} onChosen={(session) => enter(session, next)} />;
  if (setup.data?.needed) return <Navigate to="/setup" replace />;
  if (already.isSuccess) return <Navigate to="/" replace />;
  return (
    <SigninForm
      onSignedIn={async (session) => {
        if (session.memberships.length > 1) setChoice(session);
        else await enter(session, next);
      }}
    />
  );
}

function SigninForm({ onSignedIn }: { onSignedIn: (session: Session) => Promise<void> }) {
  const t = useT();
  const form = useForm({
    initial: { email: "", password: "" },
    check: ({ email, password }) => ({ email: check.filled(t, email), password: password ? "" : t("entry.check.missing") }),
    save: async ({ email, password }) => onSignedIn(await signIn({ email: email.trim(), password })),
  });
  return (
    <EntryFrame title={t("signin.title")}>
      <form {...form.props} className="flex flex-col gap-4">
        <TextField {...form.text("email")} label={t("entry.email")} type="email" autoComplete="username" autoCapitalize="none" spellCheck={false} />
        <PasswordField {...form.text("password")} label={t("entry.password")} autoComplete="current-password" />
        {form.failure && (
          <p role="alert" className="text-sm text-danger">
            {form.failure}
          </p>
        )}
        <Button type="submit" look="primary" size="lg" busy={form.busy}>
          {t("signin.submit")}
        </Button>
      </form>
      <details className="mt-4 text-sm text-muted">
        <summary className="w-fit cursor-default rounded py-0.5 hover:text-ink">{t("signin.forgotten")}</summary>
        <p className="mt-1.5">{t("signin.forgotten_hint")}</p>
        <code className="mt-1.5 block rounded bg-sunken px-2.5 py-1.5 font-mono text-xs text-ink">madoguchi user reset-password --email {form.values.email.trim() || "ADDRESS"}</code>
      </details>
    </EntryFrame>
  );
}

function ChooseWorkspace({ session, onChosen }: { session: Session; onChosen: (session: Session) => Promise<void> }) {
  const t = useT();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const choose = async (workspaceId: number) => {
    setBusy(true);
    try {
      await onChosen(workspaceId === session.workspace.id ? session : adopt(await put<Session>("/session/workspace", { workspace_id: workspaceId })));
    } catch (error) {
      toast.problem(error);
      setBusy(false);
    }
  };
  return (
    <EntryFrame title={t("signin.choose.title")} purpose={t("signin.choose.purpose")}>
      <ul className="-mx-2 flex flex-col">
        {session.memberships.map(({ workspace_id, name }) => (
          <li key={workspace_id}>
            <button type="button" disabled={busy} onClick={() => void choose(workspace_id)} className="flex min-h-11 w-full items-center gap-2 rounded px-2 text-left hover:bg-hover disabled:opacity-55">
              <bdi className="min-w-0 flex-1 truncate">{name}</bdi>
              <ChevronRight size={16} aria-hidden className="text-faint" />
            </button>
          </li>
        ))}
      </ul>
    </EntryFrame>
  );
}
