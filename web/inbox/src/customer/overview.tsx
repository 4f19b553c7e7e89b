import { useQuery } from "@tanstack/react-query";
import { fieldsQuery } from "../api/contacts.ts";
import { usePermission } from "../api/session.ts";
import type { Contact, Row } from "../api/types.ts";
import { useLanguage, type Key } from "../i18n/index.tsx";
import { Time } from "../i18n/time.tsx";
import { browserOf } from "./browser.ts";
import { CaseBox } from "./case.tsx";
import { ContactCustomField, useFields } from "./custom-field.tsx";
import { EditableField } from "./editable-field.tsx";
import { Identities } from "./identities.tsx";
import { Section, Value } from "./section.tsx";
import { safeHref } from "../thread/spans.ts";

const profile: readonly { name: "name" | "email" | "phone"; label: Key; type: string }[] = [
  { name: "name", label: "customer.name", type: "text" },
  { name: "email", label: "customer.email", type: "email" },
  { name: "phone", label: "customer.phone", type: "tel" },
];

/** Profile, the ways to reach them, and what page they are on. */
export function Overview({ contact, row }: { contact: Contact; /** The conversation beside, if there is one. */ row?: Row }) {
  const { t, format } = useLanguage();
  const may = usePermission("conversation.reply");
  const { visitor } = contact;
  const fields = useFields("contact");
  const { data: defined = [] } = useQuery(fieldsQuery);
  const others = Object.keys(contact.fields ?? {}) // what programs keep here without a definition
    .filter((name) => !defined.some((field) => field.subject === "contact" && field.key === name))
    .sort();
  const page = safeHref(visitor?.page_url);
  return (
    <div className="flex flex-col gap-4 p-4">
      <Section title={t("customer.profile")}>
        {profile.map((field) => (
          <EditableField key={field.name} contact={contact} name={field.name} label={t(field.label)} type={field.type} disabled={!may} />
        ))}
        {fields.map((field) => (
          <ContactCustomField key={field.id} contact={contact} field={field} disabled={!may} />
        ))}
        {others.map((name) => (
          <EditableField key={name} contact={contact} name={`fields.${name}`} label={name} type="text" disabled={!may} />
        ))}
        {contact.external_id && <Value label={t("customer.external_id")}>{contact.external_id}</Value>}
        <Value label={t("customer.language")}>{contact.locale ? format.language(contact.locale) : t("customer.unknown")}</Value>
        <Value label={t("customer.since")}>
          <Time at={contact.created_at} form="moment" />
        </Value>
      </Section>
      <Section title={t("customer.identities")}>
        <Identities contact={contact} {...(row ? { row } : {})} />
      </Section>
      {visitor && (
        <Section title={t("customer.visit")}>
          <Value label={t("customer.page")}>
            {page ? (
              <a href={page} target="_blank" rel="noopener noreferrer nofollow" title={visitor.page_url}>
                <bdi>{visitor.page_title || visitor.page_url}</bdi>
              </a>
            ) : (
              <bdi>{visitor.page_title || t("customer.unknown")}</bdi>
            )}
          </Value>
          <Value label={t("customer.browser")}>{browserOf(visitor.user_agent) || t("customer.unknown")}</Value>
          {visitor.seen_at && (
            <Value label={t("customer.seen")}>
              <Time at={visitor.seen_at} />
            </Value>
          )}
        </Section>
      )}
      {row && <CaseBox row={row} />}
    </div>
  );
}
