import { useLanguage } from "../../i18n/index.tsx";
import { useChoices } from "./choices.ts";
import type { Conditions } from "./facts.ts";
import { conditionText } from "./words.ts";

/** Which conditions a trial judges by what is known today, because how it was is not kept. */
export function JudgedToday({ asked, facts }: { asked: Conditions | undefined; facts: readonly string[] | undefined }) {
  const { t, locale, format } = useLanguage();
  const choices = useChoices();
  const some = (asked?.groups ?? []).flatMap(({ conditions }) => conditions).filter(({ fact }) => facts?.includes(fact));
  if (some.length === 0) return null;
  return <p className="text-xs text-pretty text-muted">{t("conditions.today", { what: format.list(some.map((one) => conditionText(t, locale, one, choices))) })}</p>;
}
