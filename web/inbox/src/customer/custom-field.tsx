import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { useId } from "react";
import { changeTicketField, fieldsQuery, ticketQuery } from "../api/contacts.ts";
import type { Contact, Field, Id, Labels, Locale, Ticket } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { Button } from "../ui/button.tsx";
import { Menu, MenuCheck, MenuItem } from "../ui/menu.tsx";
import { safeHref } from "../thread/spans.ts";
import { Conflict } from "./conflict.tsx";
import { TypedIn, useContactField } from "./editable-field.tsx";
import { useSavedField, type SavedField } from "./use-saved-field.ts";

/** A text in the viewer's language, or in the other one. */
export const labelIn = (label: Labels, locale: Locale): string => (locale === "ja" ? label.ja || label.en : label.en || label.ja) ?? "";

/** The workspace's own fields of contacts or cases, those that are in use. */
export function useFields(subject: Field["subject"]): readonly Field[] {
  const { data = [] } = useQuery(fieldsQuery);
  return data.filter((field) => field.subject === subject && !field.retired_at);
}

/** One of the workspace's own fields of a contact. */
export function ContactCustomField({ contact, field, disabled }: { contact: Contact; field: Field; disabled: boolean }) {
  const { locale } = useLanguage();
  return <CustomField definition={field} field={useContactField(contact, `fields.${field.key}`, labelIn(field.label, locale))} disabled={disabled} />;
}

/** The workspace's own fields of a case. */
export function TicketFields({ id, disabled }: { id: Id; disabled: boolean }) {
  const fields = useFields("ticket");
  const { data: ticket } = useQuery({ ...ticketQuery(id), enabled: fields.length > 0 && id !== 0 });
  if (!ticket) return null;
  return fields.map((field) => <TicketCustomField key={field.id} ticket={ticket} field={field} disabled={disabled} />);
}

function TicketCustomField({ ticket, field, disabled }: { ticket: Ticket; field: Field; disabled: boolean }) {
  const { locale } = useLanguage();
  const queries = useQueryClient();
  const { queryKey } = ticketQuery(ticket.id);
  const latest = () => queries.getQueryData<Ticket>(queryKey) ?? ticket;
  const of = (one: Ticket) => one.fields?.[field.key] ?? "";
  return (
    <CustomField
      definition={field}
      disabled={disabled}
      field={{
        current: of(ticket),
        name: `fields.${field.key}`,
        label: labelIn(field.label, locale),
        send: async (value) => {
          const now = await changeTicketField(latest(), field.key, value);
          queries.setQueryData(queryKey, now);
          return of(now);
        },
        learn: async (now) => {
          if ((now as Ticket | undefined)?.id) queries.setQueryData(queryKey, now as Ticket);
          else await queries.invalidateQueries({ queryKey });
          return of(latest());
        },
      }}
    />
  );
}

/** A value of a kind, edited as its kind is. */
function CustomField({ definition, field, disabled }: { definition: Field; field: SavedField; disabled: boolean }) {
  const missing = definition.required && !field.current;
  switch (definition.kind) {
    case "choice":
    case "choices":
    case "checkbox":
      return <Chosen definition={definition} field={field} disabled={disabled} missing={missing} />;
    case "date":
      return <TypedIn field={field} type="date" disabled={disabled} missing={missing} />;
    case "link":
      return <Link field={field} disabled={disabled} missing={missing} />;
    case "number":
    case "text":
      return <TypedIn field={field} type="text" disabled={disabled} missing={missing} />;
  }
}

function Link({ field, disabled, missing }: { field: SavedField; disabled: boolean; missing: boolean }) {
  const { t } = useLanguage();
  const href = safeHref(field.current);
  return (
    <div className="relative">
      <TypedIn field={field} type="url" disabled={disabled} missing={missing} />
      {href && (
        <a href={href} target="_blank" rel="noopener noreferrer nofollow" aria-label={t("customer.open_link", { field: field.label })} className="absolute top-1 right-0 grid size-6 place-items-center rounded bg-surface text-muted hover:text-ink">
          <ExternalLink size={13} aria-hidden />
        </a>
      )}
    </div>
  );
}

/** What is chosen from a menu: one, several, or on and off. */
function Chosen({ definition, field, disabled, missing }: { definition: Field; field: SavedField; disabled: boolean; missing: boolean }) {
  const { t, locale } = useLanguage();
  const id = useId();
  const { value, error, theirs, choose, keepTheirs, keepOurs } = useSavedField(field);
  const options =
    definition.kind === "checkbox"
      ? [
          { id: "true", label: t("customer.yes") },
          { id: "false", label: t("customer.no") },
        ]
      : (definition.options ?? []).map((option) => ({ id: option.id, label: labelIn(option.label, locale) }));
  const chosen = value ? value.split(",") : [];
  const named = (text: string) => text.split(",").filter(Boolean).map((one) => options.find((option) => option.id === one)?.label ?? one).join(", ");
  const several = definition.kind === "choices";
  const said = named(value) || t(missing ? "customer.required" : "customer.add");
  return (
    <div>
      <div className="flex min-h-8 items-center gap-3">
        <span id={id} title={field.label} className="w-20 shrink-0 truncate text-xs text-muted">
          {field.label}
        </span>
        {disabled ? (
          <bdi className="min-w-0 flex-1 truncate text-sm">{named(value)}</bdi>
        ) : (
          <Menu
            trigger={
              <Button look="quiet" size="sm" aria-label={`${field.label}: ${said}`} className="-ml-2 max-w-full min-w-0 shrink! text-sm!">
                <bdi className={`truncate ${value ? "" : missing ? "text-warn" : "text-muted"}`}>{said}</bdi>
              </Button>
            }
          >
            {options.map((option) =>
              several ? (
                <MenuCheck key={option.id} checked={chosen.includes(option.id)} onChange={(on) => choose(options.filter((one) => (one.id === option.id ? on : chosen.includes(one.id))).map((one) => one.id).join(","))}>
                  <bdi>{option.label}</bdi>
                </MenuCheck>
              ) : (
                <MenuCheck key={option.id} checked={value === option.id} onChange={() => choose(option.id)}>
                  <bdi>{option.label}</bdi>
                </MenuCheck>
              ),
            )}
            {value && !definition.required && <MenuItem onSelect={() => choose("")}>{t("customer.clear")}</MenuItem>}
          </Menu>
        )}
      </div>
      {error && (
        <p role="alert" className="pl-23 text-xs text-danger">
          {error}
        </p>
      )}
      {theirs !== null && <Conflict theirs={named(theirs)} ours={named(value)} onTheirs={keepTheirs} onOurs={keepOurs} />}
    </div>
  );
}
