import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { membersQuery } from "../../api/desk.ts";
import type { Role } from "../../api/types.ts";
import { check } from "../../form/person.ts";
import { useForm } from "../../form/use-form.ts";
import { useLanguage, useT } from "../../i18n/index.tsx";
import { useNow } from "../../i18n/now.ts";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { EmptyState } from "../../ui/empty.tsx";
import { TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { addAPIKey, apiKeysQuery, revokeAPIKey, type APIKey } from "../api.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { roles } from "../members/rules.ts";
import { OneTime } from "../one-time.tsx";
import { Lines, Section, useMay } from "../section.tsx";
import { useChange, useReread } from "../use-change.ts";

/** Keys with which programs use the API. */
export function APIKeysPage() {
  const t = useT();
  const may = useMay("api-keys");
  const { data: keys } = useQuery({ ...apiKeysQuery, enabled: may });
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<APIKey | null>(null);
  const revoke = useChange(apiKeysQuery.queryKey, (key: APIKey) => revokeAPIKey(key.id), () => setLeaving(null));
  const add = (
    <Button look="primary" onClick={() => setAdding(true)}>
      <Plus size={15} aria-hidden /> {t("api_keys.add")}
    </Button>
  );
  return (
    <Section id="api-keys" actions={keys?.length ? add : null}>
      <p className="-mt-3 text-sm">
        <a href="/api/docs" target="_blank" rel="noopener">
          {t("api_keys.docs")}
        </a>
      </p>
      {keys?.length === 0 && (
        <EmptyState icon={<KeyRound size={28} aria-hidden />} title={t("api_keys.none")} actions={add}>
          {t("api_keys.none_hint")}
        </EmptyState>
      )}
      {keys && keys.length > 0 && (
        <Lines label={t("settings.api-keys.title")}>
          {keys.map((key) => (
            <Line key={key.id} apiKey={key} onRevoke={() => setLeaving(key)} />
          ))}
        </Lines>
      )}
      {adding && <AddKey onClose={() => setAdding(false)} />}
      <Confirm
        open={leaving !== null}
        onOpenChange={(open) => !open && setLeaving(null)}
        title={t("api_keys.revoke_question", { name: leaving?.name ?? "" })}
        description={t("api_keys.revoke_hint")}
        confirm={t("api_keys.revoke")}
        danger
        busy={revoke.isPending}
        onConfirm={() => leaving && revoke.mutate(leaving)}
      />
    </Section>
  );
}

function Line({ apiKey, onRevoke }: { apiKey: APIKey; onRevoke: () => void }) {
  const { t, format } = useLanguage();
  const { data: members = [] } = useQuery(membersQuery);
  const now = useNow();
  const maker = members.find((member) => member.user_id === apiKey.created_by);
  const made = t("api_keys.made", { at: format.moment(new Date(apiKey.created_at), now), name: maker ? maker.display_name || maker.name : "?" });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2.5 pr-2 pl-4">
      <div className="min-w-0 flex-1 basis-48">
        <p className="truncate font-medium">
          <bdi>{apiKey.name}</bdi>
        </p>
        <p className="text-xs text-muted">
          {t(`role.${apiKey.role}`)} · {made}
        </p>
      </div>
      <p className="text-xs text-muted">{apiKey.last_used_at ? t("api_keys.used", { at: format.moment(new Date(apiKey.last_used_at), now) }) : t("api_keys.unused")}</p>
      <Button look="quiet" onClick={onRevoke} aria-label={t("api_keys.revoke_named", { name: apiKey.name })}>
        {t("api_keys.revoke")}
      </Button>
    </li>
  );
}

function AddKey({ onClose }: { onClose: () => void }) {
  const t = useT();
  const reread = useReread(apiKeysQuery.queryKey);
  const [secret, setSecret] = useState("");
  const form = useForm<{ name: string; role: Role }>({
    initial: { name: "", role: "agent" },
    check: ({ name }) => ({ name: check.filled(t, name) }),
    save: async ({ name, role }) => {
      const made = await addAPIKey(name.trim(), role);
      setSecret(made.secret);
      await reread();
    },
  });
  if (secret) {
    return (
      <OneTime title={t("api_keys.added", { name: form.values.name })} label={t("api_keys.key")} text={secret} warning={t("api_keys.once")} onClose={onClose}>
        <p className="text-sm text-muted">{t("api_keys.example")}</p>
        <pre className="overflow-x-auto rounded bg-sunken px-3 py-2 font-mono text-xs">{`curl -H "Authorization: Bearer …" ${location.origin}/api/v1/conversations`}</pre>
      </OneTime>
    );
  }
  return (
    <FormDialog form={form} title={t("api_keys.add")} submit={t("api_keys.add_do")} onClose={onClose}>
      <TextField {...form.text("name")} label={t("api_keys.name")} hint={t("api_keys.name_hint")} maxLength={60} autoComplete="off" />
      <Select<Role>
        label={t("members.role")}
        hint={t(`role.${form.values.role}_hint`)}
        value={form.values.role}
        onChange={(role) => form.set({ role })}
        options={roles.filter((role) => role !== "owner").map((role) => ({ value: role, label: t(`role.${role}`) }))}
      />
    </FormDialog>
  );
}
