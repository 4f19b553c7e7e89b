import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check, ExternalLink, X } from "lucide-react";
import type { ReactNode } from "react";
import { channelsQuery, countsQuery, demoQuery, loadDemo, membersQuery, savePreferences } from "../api/desk.ts";
import { sessionQuery, usePermission, useSession } from "../api/session.ts";
import type { Session } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { useToast } from "../ui/toast.tsx";

/** Addresses of the members that come with demo data. */
const invented = /\.demo\.example$/;
const hiddenBy = "first_steps_hidden";
const link = "inline-flex pressed shrink-0 items-center gap-1.5 rounded border border-strong-line bg-surface px-3 text-sm text-ink hover:bg-hover hover:no-underline";

/** Whether the first steps are still to be shown to this member: an administrator's, until done or hidden. */
export function useFirstSteps() {
  const { preferences } = useSession();
  const admin = usePermission("workspace.manage");
  const wanted = admin && preferences[hiddenBy] !== true;
  const { data: counts } = useQuery({ ...countsQuery, enabled: wanted });
  const { data: demo } = useQuery({ ...demoQuery, enabled: wanted });
  const { data: channels } = useQuery({ ...channelsQuery, enabled: wanted });
  const { data: members } = useQuery({ ...membersQuery, enabled: wanted });
  if (!wanted || !counts || !demo || !channels || !members) return null;
  const done = {
    try: channels.some(({ last_seen_at }) => last_seen_at) || (!demo.loaded && counts.all + counts.resolved > 0),
    demo: demo.loaded,
    snippet: channels.some(({ last_seen_on }) => last_seen_on !== "" && last_seen_on !== location.origin),
    invite: members.filter(({ email }) => !invented.test(email)).length > 1,
  };
  const snippet = channels.find(({ kind }) => kind === "webchat")?.id;
  return Object.values(done).every(Boolean) ? null : { done, snippet };
}

/** What a new desk can do first, each in one click. */
export function FirstSteps({ done, snippet }: NonNullable<ReturnType<typeof useFirstSteps>>) {
  const t = useT();
  const toast = useToast();
  const queries = useQueryClient();
  const load = useMutation({
    mutationFn: loadDemo,
    onSuccess: () => queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" }),
    onError: (error) => void toast.problem(error),
  });
  const hide = () => {
    const session = queries.setQueryData<Session>(sessionQuery.queryKey, (now) => now && { ...now, preferences: { ...now.preferences, [hiddenBy]: true } });
    if (session) savePreferences(session.preferences).catch(toast.problem);
  };
  const step = (id: keyof typeof done, action: ReactNode) => (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-3">
      <span className={`grid size-6 shrink-0 place-items-center rounded-full border ${done[id] ? "border-transparent bg-accent-fill text-on-accent" : "border-strong-line"}`}>
        {done[id] && <Check size={14} aria-hidden />}
      </span>
      <div className="min-w-0 flex-1 basis-52 text-left">
        <p className={done[id] ? "text-muted line-through" : "font-medium"}>{t(`steps.${id}`)}</p>
        <p className="text-xs text-muted">{t(`steps.${id}_hint`)}</p>
      </div>
      {!done[id] && action}
    </li>
  );
  return (
    <section aria-labelledby="first-steps" className="w-full max-w-xl rounded-lg border border-line bg-surface px-5 py-4 shadow-bar">
      <header className="flex items-start gap-3">
        <div className="min-w-0 flex-1 text-left">
          <h2 id="first-steps" className="text-lg font-semibold">
            {t("steps.title")}
          </h2>
          <p className="text-sm text-muted">{t("steps.purpose")}</p>
        </div>
        <IconButton label={t("steps.hide")} onClick={hide} className="-mr-2">
          <X size={16} aria-hidden />
        </IconButton>
      </header>
      <ol className="mt-1 divide-y divide-line">
        {step(
          "try",
          <a href="/try" target="_blank" rel="noopener" className={link}>
            {t("steps.try_do")} <ExternalLink size={14} aria-hidden />
          </a>,
        )}
        {step(
          "demo",
          <Button busy={load.isPending} onClick={() => load.mutate()}>
            {t("steps.demo_do")}
          </Button>,
        )}
        {step(
          "snippet",
          snippet === undefined ? (
            <Link to="/settings/channels" className={link}>
              {t("steps.snippet_do")}
            </Link>
          ) : (
            <Link to="/settings/channels/$id" params={{ id: String(snippet) }} className={link}>
              {t("steps.snippet_do")}
            </Link>
          ),
        )}
        {step(
          "invite",
          <Link to="/settings/members" search={{ invite: "new" }} className={link}>
            {t("steps.invite_do")}
          </Link>,
        )}
      </ol>
    </section>
  );
}
