import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { fieldsQuery } from "../../api/contacts.ts";
import { channelsQuery, membersQuery, specsQuery, tagsQuery, teamsQuery } from "../../api/desk.ts";
import type { Field } from "../../api/types.ts";
import { labelIn } from "../../customer/custom-field.tsx";
import { useLanguage } from "../../i18n/index.tsx";
import { alwaysOpen, schedulesQuery, slaPoliciesQuery } from "../api.ts";
import { fieldOf, type Condition } from "./facts.ts";

export interface Choice {
  value: string;
  label: string;
}

/** What conditions and actions are chosen from, by name. */
export interface Choices {
  fields: readonly Field[];
  teams: readonly Choice[];
  members: readonly Choice[];
  tags: readonly Choice[];
  policies: readonly Choice[];
  /** The values that a condition can name; none where they are typed. */
  of: (condition: Condition) => readonly Choice[];
}

const languageTags = ["ja", "en", "zh", "ko", "vi", "th", "id", "tl", "ne", "pt", "es", "fr", "de", "it", "ru", "ar"];
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
/** A Monday. */
const someMonday = Date.UTC(2024, 0, 1);
const dayMs = 86_400_000;

const choice = ({ id, name }: { id: number; name: string }): Choice => ({ value: String(id), label: name });

/** Reads everything that can be named. */
export function useChoices(): Choices {
  const { t, locale, format } = useLanguage();
  const { data: fields = [] } = useQuery(fieldsQuery);
  const { data: channels = [] } = useQuery(channelsQuery);
  const { data: specs = [] } = useQuery(specsQuery);
  const { data: teams = [] } = useQuery(teamsQuery);
  const { data: members = [] } = useQuery(membersQuery);
  const { data: tags = [] } = useQuery(tagsQuery);
  const { data: schedules = [] } = useQuery(schedulesQuery);
  const { data: policies = [] } = useQuery(slaPoliciesQuery);
  return useMemo(() => {
    const day = new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" });
    const named = {
      channel: channels.filter(({ state }) => state !== "deleted").map(choice),
      channel_kind: specs.map(({ kind, name }) => ({ value: kind, label: name ?? kind })),
      language: languageTags.map((value) => ({ value, label: format.language(value) })),
      hours: [{ value: "channel", label: t("conditions.hours.channel") }, ...schedules.map(choice), { value: alwaysOpen, label: t("schedules.always") }],
      contact_is: [{ value: "new", label: t("conditions.contact.new") }, { value: "returning", label: t("conditions.contact.returning") }],
      earlier_tag: tags.map(choice),
      tag: tags.map(choice),
      team: teams.map(choice),
      assignee: members.map(({ user_id, name }) => ({ value: String(user_id), label: name })),
      status: (["bot", "queued", "open", "pending", "snoozed", "resolved"] as const).map((value) => ({ value, label: t(`status.${value}`) })),
      priority: (["urgent", "high", "normal", "low"] as const).map((value) => ({ value, label: t(`priority.${value}`) })),
      last_author: (["customer", "human", "bot", "automation"] as const).map((value) => ({ value, label: t(`conditions.author.${value}`) })),
      day: weekdays.map((value, i) => ({ value, label: day.format(someMonday + i * dayMs) })),
    };
    const of = (condition: Condition): readonly Choice[] => {
      const field = condition.key ? fieldOf(condition, fields) : undefined;
      if (field?.kind === "checkbox") return [{ value: "true", label: t("conditions.on") }, { value: "false", label: t("conditions.off") }];
      if (field) return (field.options ?? []).map(({ id, label }) => ({ value: id, label: labelIn(label, locale) }));
      return condition.fact in named ? named[condition.fact as keyof typeof named] : [];
    };
    return { fields, teams: named.team, members: named.assignee, tags: named.tag, policies: policies.map(choice), of };
  }, [channels, fields, format, locale, members, policies, schedules, specs, t, tags, teams]);
}

/** The name of one of the choices; what is gone keeps its number. */
export const nameIn = (choices: readonly Choice[], value: string) => choices.find((one) => one.value === value)?.label ?? `#${value}`;
