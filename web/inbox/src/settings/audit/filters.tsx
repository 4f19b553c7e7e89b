import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { usePermission } from "../../api/session.ts";
import { useLanguage } from "../../i18n/index.tsx";
import { useMembers } from "../../inbox/directory.tsx";
import { Button } from "../../ui/button.tsx";
import { Combobox } from "../../ui/combobox.tsx";
import { TextField } from "../../ui/field.tsx";
import { apiKeysQuery } from "../api.ts";
import type { AuditSearch } from "./search.ts";
import { actionText, auditActions, objectKinds, objectText } from "./words.ts";

interface FiltersProps {
  search: AuditSearch;
  onChange: (change: AuditSearch) => void;
  onClear: () => void;
}

/** Narrows the log; what is chosen stands in the address. */
export function Filters({ search, onChange, onClear }: FiltersProps) {
  const { t } = useLanguage();
  const members = useMembers();
  const { data: keys = [] } = useQuery({ ...apiKeysQuery, enabled: usePermission("secret.manage") });
  const { who = "", did = "", on = "", from = "", to = "" } = search;
  const [kind = "", id] = on.split(".");
  const people = known(who, [
    ...members.map((member) => ({ value: `user.${member.user_id}`, label: member.name })),
    ...keys.map((key) => ({ value: `api_key.${key.id}`, label: t("audit.actor.api_key", { name: key.name }) })),
    { value: "customer", label: t("audit.actor.customer") },
    { value: "system", label: t("audit.actor.system") },
  ]);
  const actions = known(did, auditActions.map((value) => ({ value: value as string, label: actionText(t, value) })));
  const objects = known(on, [...objectKinds.map((value) => ({ value: value as string, label: objectText(t, value) })), ...(id ? [{ value: on, label: `${objectText(t, kind)} #${id}` }] : [])]);
  const wrong = from && to && to < from ? t("audit.until_check") : "";
  const set = (name: keyof AuditSearch) => (value: string | null) => onChange({ [name]: value || undefined } as AuditSearch);
  return (
    <search className="grid grid-cols-2 items-start gap-3 md:grid-cols-[repeat(3,minmax(0,1fr))_9.5rem_9.5rem]">
      <div className="max-md:col-span-2">
        <Combobox label={t("audit.who")} placeholder={t("audit.anybody")} items={people} value={who || null} onChange={set("who")} />
      </div>
      <Combobox label={t("audit.what")} placeholder={t("audit.anything")} items={actions} value={did || null} onChange={set("did")} />
      <Combobox label={t("audit.object")} placeholder={t("audit.any_object")} items={objects} value={on || null} onChange={set("on")} />
      <TextField label={t("audit.since")} type="date" value={from} max={to || undefined} onChange={(event) => set("from")(event.target.value)} />
      <TextField label={t("audit.until")} type="date" value={to} min={from || undefined} error={wrong} onChange={(event) => set("to")(event.target.value)} />
      {(who || did || on || from || to) && (
        <div className="col-span-full">
          <Button size="sm" look="quiet" onClick={onClear}>
            <X size={13} aria-hidden /> {t("audit.clear")}
          </Button>
        </div>
      )}
    </search>
  );
}

interface Choice {
  value: string;
  label: string;
}

/** The choices, with what the address asks for among them even where nobody knows it any more. */
const known = (value: string, choices: Choice[]): Choice[] => (!value || choices.some((one) => one.value === value) ? choices : [...choices, { value, label: `#${value.split(".").at(-1)}` }]);
