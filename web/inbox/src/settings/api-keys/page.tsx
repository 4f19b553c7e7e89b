import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { membersQuery } from "../../api/desk.ts";
import { useSession } from "../../api/session.ts";
import { check } from "../../form/person.ts";
import { useForm } from "../../form/use-form.ts";
import { useLanguage, useT } from "../../i18n/index.tsx";
import { useNow } from "../../i18n/now.ts";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { EmptyState } from "../../ui/empty.tsx";
import { TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { Switch } from "../../ui/switch.tsx";
import { addAPIKey, apiKeysQuery, revokeAPIKey, type APIKey } from "../api.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { OneTime } from "../one-time.tsx";
import { choiceOf, chosen, useRoles, type RoleChoice } from "../roles/choice.ts";
import { rolesToGive } from "../members/rules.ts";
import { permissionText } from "../roles/texts.ts";
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
  const { name: roleName } = useRoles();
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
          {roleName(choiceOf(apiKey))}
          {apiKey.permissions && apiKey.permissions.length > 0 && ` (${t("api_keys.limited_to", { count: apiKey.permissions.length })})`} · {made}
          {apiKey.expires_at && ` · ${t(new Date(apiKey.expires_at) <= now ? "api_keys.expired" : "api_keys.ends", { at: format.moment(new Date(apiKey.expires_at), now) })}`}
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
  const mine = useSession().permissions;
  const { roles, name: roleName } = useRoles();
  const form = useForm<{ name: string; role: RoleChoice; limited: boolean; permissions: string[]; expires_at: string }>({
    initial: { name: "", role: "agent", limited: false, permissions: [], expires_at: "" },
    check: ({ name, limited, permissions }) => ({ name: check.filled(t, name), permissions: limited && permissions.length === 0 ? t("api_keys.permissions_missing") : "" }),
    blame: { permission_invalid: "permissions", expires_past: "expires_at" },
    save: async ({ name, role, limited, permissions, expires_at }) => {
      const ends = expires_at ? { expires_at: new Date(`${expires_at}T23:59:59`).toISOString() } : {};
      const made = await addAPIKey({ name: name.trim(), ...chosen(role), permissions: limited ? permissions : [], ...ends });
      setSecret(made.secret);
      await reread();
    },
  });
  const role = roles.find(({ choice }) => choice === form.values.role);
  const held = role?.ofKeys ?? [];
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
      <Select<RoleChoice>
        label={t("members.role")}
        hint={role && !role.label && t(`role.${role.base}_hint`)}
        value={form.values.role}
        onChange={(role) => form.set({ role, permissions: [] })}
        options={rolesToGive(mine, roles).flatMap(({ choice }) => (choice === "owner" ? [] : { value: choice, label: roleName(choice) }))}
      />
      <Switch label={t("api_keys.limited")} hint={t("api_keys.limited_hint")} checked={form.values.limited} onChange={(limited) => form.set({ limited })} />
      {form.values.limited && (
        <fieldset className="flex flex-col gap-1 rounded-md border border-line px-3 py-2">
          <legend className="px-1 text-sm font-medium">{t("api_keys.permissions")}</legend>
          {held.map((permission) => (
            <label key={permission} className="flex pressed items-center gap-2 text-sm">
              <input
                type="checkbox"
                className="size-4 shrink-0 accent-[var(--accent-fill)]"
                checked={form.values.permissions.includes(permission)}
                onChange={(event) => form.set({ permissions: event.target.checked ? [...form.values.permissions, permission] : form.values.permissions.filter((one) => one !== permission) })}
              />
              {permissionText(t, permission)}
            </label>
          ))}
          {form.error("permissions") && (
            <p role="alert" className="text-xs text-danger">
              {form.error("permissions")}
            </p>
          )}
        </fieldset>
      )}
      <TextField {...form.text("expires_at")} type="date" label={t("api_keys.expires")} hint={t("api_keys.expires_hint")} />
    </FormDialog>
  );
}
