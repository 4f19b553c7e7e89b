import { ArrowDown, ArrowUp, Pencil, Trash2 } from "lucide-react";
import type { FocusEvent, KeyboardEvent, Ref } from "react";
import { useLanguage } from "../../i18n/index.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { Switch } from "../../ui/switch.tsx";
import type { Choices } from "../conditions/choices.ts";
import { ConditionsEditor } from "../conditions/editor.tsx";
import { routingFacts } from "../conditions/facts.ts";
import { conditionsText } from "../conditions/words.ts";
import { RoutingActions } from "./actions.tsx";
import { actionsText, faultOf, type Draft } from "./rules.ts";

interface RuleCardProps {
  rule: Draft;
  at: number;
  of: number;
  open: boolean;
  /** Say what is missing. */
  judged: boolean;
  /** What the server refused about it, "" if nothing. */
  refused: string;
  may: boolean;
  choices: Choices;
  ref: Ref<HTMLLIElement>;
  onOpen: (open: boolean) => void;
  onChange: (rule: Draft) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
  onLeave: () => void;
}

/** One rule: a sentence that says what it does, and the form behind it. Alt and an arrow move it. */
export function RuleCard({ rule, at, of, open, judged, refused, may, choices, ref, onOpen, onChange, onMove, onRemove, onLeave }: RuleCardProps) {
  const { t, locale } = useLanguage();
  const name = rule.name.trim() || t("routing.unnamed", { n: at + 1 });
  const fault = refused || (judged ? faultOf(t, rule) : "");
  const pressed = (event: KeyboardEvent) => {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (!event.altKey || by === 0 || !may) return;
    event.preventDefault();
    if (at + by >= 0 && at + by < of) onMove(by);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys of the buttons and fields inside
    <li
      ref={ref}
      className="flex flex-col gap-3 rounded-md border border-line px-4 py-3"
      onKeyDown={pressed}
      onBlur={(event) => left(event) && onLeave()}
    >
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <span aria-hidden className="pt-0.5 text-sm text-faint tabular-nums">
          {at + 1}
        </span>
        <div className="min-w-0 flex-1 basis-48">
          <p className="flex flex-wrap items-center gap-2">
            <bdi className="font-medium break-words">{name}</bdi>
            {!rule.active && <Badge look="soft">{t("routing.off")}</Badge>}
          </p>
          <p className="mt-0.5 text-sm text-pretty break-words text-muted">{t("routing.summary", { when: conditionsText(t, locale, rule.conditions, choices), what: actionsText(t, rule.actions, choices) || "…" })}</p>
        </div>
        {may && (
          <span className="ml-auto flex">
            <IconButton label={t("routing.up", { name })} disabled={at === 0} onClick={() => onMove(-1)}>
              <ArrowUp size={15} aria-hidden />
            </IconButton>
            <IconButton label={t("routing.down", { name })} disabled={at === of - 1} onClick={() => onMove(1)}>
              <ArrowDown size={15} aria-hidden />
            </IconButton>
            <IconButton label={t("settings.edit_named", { name })} aria-expanded={open} onClick={() => onOpen(!open)}>
              <Pencil size={15} aria-hidden />
            </IconButton>
            <IconButton label={t("settings.delete_named", { name })} onClick={onRemove}>
              <Trash2 size={15} aria-hidden />
            </IconButton>
          </span>
        )}
      </div>
      {fault && (
        <p role="alert" className="text-sm text-danger">
          {fault}
        </p>
      )}
      {open && may && (
        <div className="flex flex-col gap-4 border-t border-line pt-3">
          <TextField label={t("routing.name")} value={rule.name} maxLength={100} autoComplete="off" error={judged && !rule.name.trim() ? t("routing.check.name") : ""} onChange={(event) => onChange({ ...rule, name: event.target.value })} />
          <Switch label={t("routing.active")} checked={rule.active} onChange={(active) => onChange({ ...rule, active })} />
          <fieldset className="flex flex-col gap-2">
            <legend className="mb-1 text-sm font-medium">{t("routing.when")}</legend>
            <ConditionsEditor value={rule.conditions} onChange={(conditions) => onChange({ ...rule, conditions })} facts={routingFacts} choices={choices} judged={judged} />
          </fieldset>
          <fieldset className="flex flex-col gap-2">
            <legend className="mb-1 text-sm font-medium">{t("routing.then")}</legend>
            <RoutingActions value={rule.actions} onChange={(actions) => onChange({ ...rule, actions })} choices={choices} />
          </fieldset>
          <Button size="sm" className="self-start" onClick={() => onOpen(false)}>
            {t("routing.close")}
          </Button>
        </div>
      )}
    </li>
  );
}

/** Whether the focus went on to another part of the form; lists that open over it are part of none. */
const left = ({ currentTarget, relatedTarget }: FocusEvent) => relatedTarget instanceof Node && !currentTarget.contains(relatedTarget) && currentTarget.closest("form")?.contains(relatedTarget);
