import { useQuery } from "@tanstack/react-query";
import { fieldsQuery } from "../../api/contacts.ts";
import { labelIn } from "../../customer/custom-field.tsx";
import { useLanguage } from "../../i18n/index.tsx";

const fixed = ["contact.external_id", "contact.name", "contact.email", "contact.phone", "contact.id", "ticket.number"] as const;

/** What may stand for a value in a link's address, and how people call it. */
export function useVariables() {
  const { t, locale } = useLanguage();
  const { data: fields = [] } = useQuery(fieldsQuery);
  const own = fields.filter(({ subject, retired_at }) => subject === "contact" && !retired_at).map(({ key, label }) => ({ name: `contact.fields.${key}`, label: labelIn(label, locale) }));
  const variables = [...fixed.map((name) => ({ name, label: t(`links.variable.${name}`) })), ...own];
  return { variables, labelOf: (name: string) => variables.find((one) => one.name === name)?.label ?? name };
}
