import { useQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useId } from "react";
import { membersQuery, tagsQuery, teamsQuery } from "../../api/desk.ts";
import { policiesQuery, type MacroAction } from "../../api/macros.ts";
import { usePermission } from "../../api/session.ts";
import { useT } from "../../i18n/index.tsx";
import { priorities } from "../../list/query.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Textarea, TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { useTemplates } from "../../macros/templates.ts";
import { languages } from "../languages.ts";
import { useAddedRow } from "../use-added-row.ts";
import { TextsWithVariables } from "../variable-menu.tsx";
import { TemplateValue } from "./template.tsx";

const kinds = ["reply", "template", "note", "take", "assign", "team", "priority", "add_tag", "remove_tag", "sla", "status", "snooze", "survey", "webhook"] as const;
type Kind = (typeof kinds)[number];

/** What a new action of a kind begins with. */
function begun(kind: Kind): MacroAction {
  if (kind === "priority") return { kind, priority: "high" };
  if (kind === "status") return { kind, status: "resolved" };
  if (kind === "sla") return { kind, policy_id: 0 };
  if (kind === "snooze") return { kind, minutes: 60 };
  return { kind };
}

interface EditorProps {
  /** Nobody runs a trigger who could take a case. */
  by?: "person" | "trigger";
  actions: MacroAction[];
  onChange: (actions: MacroAction[]) => void;
  error?: string;
}

/** A list of actions in their order, each with what it needs. */
export function ActionsEditor({ by = "person", actions, onChange, error }: EditorProps) {
  const t = useT();
  const id = useId();
  const calls = usePermission("secret.manage");
  const put = (at: number, action: MacroAction) => onChange(actions.map((one, i) => (i === at ? action : one)));
  const swap = (at: number, by: 1 | -1) => {
    const moved = [...actions];
    const [one] = moved.splice(at, 1);
    if (one) moved.splice(at + by, 0, one);
    onChange(moved);
  };
  const { box, added } = useAddedRow<HTMLOListElement>("[data-action]");
  const add = () => {
    added();
    onChange([...actions, begun("reply")]);
  };
  const templates = useTemplates();
  const { data: policies = [] } = useQuery(policiesQuery);
  const able: Partial<Record<Kind, boolean>> = { webhook: calls, take: by === "person", template: templates.length > 0, sla: policies.length > 0 };
  const offered = kinds.filter((kind) => (able[kind] ?? true) || actions.some((one) => one.kind === kind)).map((kind) => ({ value: kind, label: t(`actions.${kind}`) }));
  return (
    <fieldset className="flex flex-col gap-3" aria-describedby={error ? id : undefined}>
      <legend className="text-sm font-medium">{t("actions.title")}</legend>
      <ol ref={box} className="flex flex-col gap-3">
        {actions.map((action, i) => (
          <li key={i} data-action className="flex flex-col gap-2 rounded border border-line p-3">
            <div className="flex items-center gap-1">
              <div className="min-w-0 flex-1">
                <Select label={t("actions.nth", { n: i + 1 })} hideLabel value={action.kind as Kind} onChange={(kind) => put(i, begun(kind))} options={offered} />
              </div>
              <IconButton label={t("actions.up", { n: i + 1 })} disabled={i === 0} onClick={() => swap(i, -1)}>
                <ArrowUp size={15} aria-hidden />
              </IconButton>
              <IconButton label={t("actions.down", { n: i + 1 })} disabled={i === actions.length - 1} onClick={() => swap(i, 1)}>
                <ArrowDown size={15} aria-hidden />
              </IconButton>
              <IconButton label={t("actions.remove", { n: i + 1 })} onClick={() => onChange(actions.filter((_, at) => at !== i))}>
                <X size={15} aria-hidden />
              </IconButton>
            </div>
            <Value action={action} onChange={(changed) => put(i, changed)} />
          </li>
        ))}
      </ol>
      <Button className="self-start" onClick={add}>
        <Plus size={15} aria-hidden /> {t("actions.add")}
      </Button>
      {error && (
        <p id={id} className="text-sm text-danger">
          {error}
        </p>
      )}
    </fieldset>
  );
}

/** What one action says. */
function Value({ action, onChange }: { action: MacroAction; onChange: (action: MacroAction) => void }) {
  const t = useT();
  const { data: members = [], isSuccess: membersRead } = useQuery(membersQuery);
  const { data: teams = [], isSuccess: teamsRead } = useQuery(teamsQuery);
  const { data: tags = [], isSuccess: tagsRead } = useQuery(tagsQuery);
  const { data: policies = [], isSuccess: policiesRead } = useQuery(policiesQuery);
  const read = membersRead && teamsRead && tagsRead && policiesRead;
  const pick = (label: string, value: number | undefined, options: { value: string; label: string }[], then: (id: number) => MacroAction) => {
    const gone = value && read && !options.some((one) => one.value === String(value)) ? [{ value: String(value), label: t("actions.gone") }] : []; // to be chosen anew (0.10)
    return <Select label={label} value={value === undefined ? null : String(value)} onChange={(id) => onChange(then(Number(id)))} options={[...options, ...gone]} placeholder={t("actions.choose")} />;
  };
  const nobody = { value: "0", label: t("actions.nobody") };
  switch (action.kind) {
    case "assign":
      return pick(t("actions.member"), action.member_id ?? 0, [nobody, ...members.filter((one) => one.active && one.role !== "viewer").map((one) => ({ value: String(one.user_id), label: one.name }))], (member_id) => ({ ...action, member_id }));
    case "team":
      return pick(t("actions.of_team"), action.team_id ?? 0, [{ value: "0", label: t("actions.no_team") }, ...teams.map((one) => ({ value: String(one.id), label: one.name }))], (team_id) => ({ ...action, team_id }));
    case "add_tag":
    case "remove_tag":
      return pick(t("actions.tag"), action.tag_id, tags.map((one) => ({ value: String(one.id), label: one.name })), (tag_id) => ({ ...action, tag_id }));
    case "priority":
      return <Select label={t("actions.priority_value")} value={action.priority ?? "high"} onChange={(priority) => onChange({ ...action, priority })} options={priorities.map((value) => ({ value, label: t(`priority.${value}`) }))} />;
    case "status":
      return <Select label={t("actions.status_value")} value={action.status ?? "resolved"} onChange={(status) => onChange({ ...action, status })} options={(["open", "pending", "resolved"] as const).map((value) => ({ value, label: t(`status.${value}`) }))} />;
    case "snooze":
      return <TextField label={t("actions.minutes")} hint={t("actions.minutes_hint")} type="number" min={0} max={527040} value={String(action.minutes ?? 0)} onChange={(event) => onChange({ ...action, minutes: Math.max(0, Math.round(Number(event.target.value) || 0)) })} />;
    case "note":
      return (
        <TextsWithVariables>
          <Textarea label={t("actions.text")} rows={3} maxLength={10_000} value={action.text ?? ""} onChange={(event) => onChange({ ...action, text: event.target.value })} />
        </TextsWithVariables>
      );
    case "webhook":
      return <TextField label={t("actions.url")} hint={t("actions.url_hint")} type="url" maxLength={2048} value={action.url ?? ""} onChange={(event) => onChange({ ...action, url: event.target.value })} />;
    case "sla":
      return pick(t("actions.policy"), action.policy_id ?? 0, [{ value: "0", label: t("actions.no_policy") }, ...policies.map((one) => ({ value: String(one.id), label: one.name }))], (policy_id) => ({ ...action, policy_id }));
    case "template":
      return <TemplateValue action={action} onChange={onChange} />;
    case "reply":
      return <ReplyTexts action={action} onChange={onChange} />;
  }
  return null;
}

/** The texts of a reply, by the customer's language; an empty one is left out. */
function ReplyTexts({ action, onChange }: { action: MacroAction; onChange: (action: MacroAction) => void }) {
  const t = useT();
  const write = (language: string, text: string) => {
    const { [language]: _was, ...others } = action.texts ?? {};
    onChange({ ...action, texts: text ? { ...others, [language]: text } : others });
  };
  return (
    <TextsWithVariables>
      {languages().map(({ value, label }) => (
        <Textarea key={value} label={t("canned.text_in", { language: label })} rows={3} maxLength={10_000} lang={value} value={action.texts?.[value] ?? ""} onChange={(event) => write(value, event.target.value)} />
      ))}
    </TextsWithVariables>
  );
}
