import { Plus, X } from "lucide-react";
import { labelIn } from "../../customer/custom-field.tsx";
import { useLanguage } from "../../i18n/index.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Select } from "../../ui/select.tsx";
import { useAddedRow } from "../use-added-row.ts";
import type { Choices } from "./choices.ts";
import { begin, complete, kindOf, operatorsOf, wanted, type Condition, type ConditionGroup, type Conditions, type Fact, type Join } from "./facts.ts";
import { ConditionValue } from "./value.tsx";
import { operatorText } from "./words.ts";

interface EditorProps {
  value: Conditions;
  onChange: (value: Conditions) => void;
  /** What may be asked here. */
  facts: readonly Fact[];
  choices: Choices;
  /** Say what is missing. */
  judged: boolean;
}

/** Conditions as sentences, one a row. Joins appear once there is something to join, a second group once there are two conditions. */
export function ConditionsEditor({ value, onChange, facts, choices, judged }: EditorProps) {
  const { t } = useLanguage();
  const groups = value.groups ?? [];
  const total = groups.reduce((sum, { conditions }) => sum + conditions.length, 0);
  const { box, added } = useAddedRow<HTMLDivElement>("[data-condition]");
  const put = (at: number, group: ConditionGroup) => onChange({ ...value, groups: groups.map((one, i) => (i === at ? group : one)).filter(({ conditions }) => conditions.length > 0) });
  const fresh = () => begin(facts[0] ?? "message", "", choices.fields);
  const add = (at: number) => {
    added();
    const group = groups[at];
    if (group) put(at, { join: group.join ?? "all", conditions: [...group.conditions, fresh()] });
    else onChange({ ...value, join: value.join ?? "all", groups: [...groups, { conditions: [fresh()] }] });
  };
  return (
    <div ref={box} className="flex flex-col gap-3">
      {groups.length === 0 && <p className="text-sm text-muted">{t("conditions.none")}</p>}
      {groups.map((group, at) => (
        <div key={at} className="flex flex-col gap-2">
          {at > 0 && <JoinSelect label={t("conditions.join_groups")} value={value.join ?? "all"} onChange={(join) => onChange({ ...value, join })} />}
          <fieldset aria-label={t("conditions.group", { n: at + 1 })} className={groups.length > 1 ? "flex flex-col gap-2 rounded-md border border-line p-3" : "flex flex-col gap-2"}>
            {group.conditions.length > 1 && <JoinSelect label={t("conditions.join")} value={group.join ?? "all"} onChange={(join) => put(at, { ...group, join })} />}
            {group.conditions.map((condition, i) => (
              <Row
                key={i}
                name={t("conditions.nth", { n: i + 1 })}
                condition={condition}
                facts={facts}
                choices={choices}
                judged={judged}
                onChange={(next) => put(at, { ...group, conditions: group.conditions.map((one, j) => (j === i ? next : one)) })}
                onRemove={() => put(at, { ...group, conditions: group.conditions.filter((_, j) => j !== i) })}
              />
            ))}
            <Button size="sm" className="self-start" onClick={() => add(at)}>
              <Plus size={13} aria-hidden /> {t("conditions.add")}
            </Button>
          </fieldset>
        </div>
      ))}
      {(groups.length === 0 || total > 1) && (
        <Button size="sm" className="self-start" onClick={() => add(groups.length)}>
          <Plus size={13} aria-hidden /> {t(groups.length === 0 ? "conditions.add" : "conditions.add_group")}
        </Button>
      )}
    </div>
  );
}

function JoinSelect({ label, value, onChange }: { label: string; value: Join; onChange: (join: Join) => void }) {
  const { t } = useLanguage();
  return (
    <div className="w-full max-w-72">
      <Select<Join> label={label} hideLabel value={value} onChange={onChange} options={(["all", "any"] as const).map((join) => ({ value: join, label: t(`conditions.join.${join}`) }))} />
    </div>
  );
}

interface RowProps extends Pick<EditorProps, "facts" | "choices" | "judged"> {
  name: string;
  condition: Condition;
  onChange: (condition: Condition) => void;
  onRemove: () => void;
}

/** One sentence: what is asked, how it compares, with what. */
function Row({ name, condition, facts, choices, judged, onChange, onRemove }: RowProps) {
  const { t, locale } = useLanguage();
  const kind = kindOf(condition, choices.fields);
  const asked = facts.flatMap((fact) => {
    if (fact !== "contact_field" && fact !== "ticket_field") return [{ value: `${fact}:`, label: t(`conditions.fact.${fact}`) }];
    return choices.fields.filter((field) => `${field.subject}_field` === fact && !field.retired_at).map((field) => ({ value: `${fact}:${field.key}`, label: labelIn(field.label, locale) }));
  });
  const choose = (chosen: string) => {
    const [fact, key] = chosen.split(":");
    onChange(begin(fact as Fact, key ?? "", choices.fields));
  };
  const compare = (op: Condition["op"]) => {
    const [least, most] = wanted(op);
    onChange({ ...condition, op, values: most === 0 ? [] : (condition.values ?? []).slice(0, Math.max(least, most)) });
  };
  return (
    <fieldset data-condition aria-label={name} className="flex flex-wrap items-start gap-2">
      <div className="min-w-0 flex-1 basis-40">
        <Select label={t("conditions.fact")} hideLabel value={`${condition.fact}:${condition.key ?? ""}`} onChange={choose} options={asked} />
      </div>
      <div className="min-w-0 flex-1 basis-36">
        <Select<Condition["op"]> label={t("conditions.op")} hideLabel value={condition.op} onChange={compare} options={operatorsOf(condition, choices.fields).map((op) => ({ value: op, label: operatorText(t, kind, op) }))} />
      </div>
      <div className="min-w-0 flex-[2] basis-52 empty:hidden">
        <ConditionValue condition={condition} choices={choices} label={t("conditions.value")} error={judged && !complete(condition) ? t("conditions.value_missing") : ""} onChange={(values) => onChange({ ...condition, values })} />
      </div>
      <IconButton label={t("conditions.remove", { name })} onClick={onRemove}>
        <X size={15} aria-hidden />
      </IconButton>
    </fieldset>
  );
}
