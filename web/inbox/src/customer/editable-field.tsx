import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { changeContact, contactQuery } from "../api/desk.ts";
import type { Contact } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { phoneShown } from "../contacts/phone.ts";
import { Conflict } from "./conflict.tsx";
import { useSavedField, type SavedField } from "./use-saved-field.ts";

const custom = /^fields\.(.+)$/;

/** The value of a field of a contact: "name", or "fields.x" for one of the workspace's own. */
export function valueOf(contact: Contact, name: string): string {
  const own = custom.exec(name)?.[1];
  if (own !== undefined) return contact.fields?.[own] ?? "";
  return String(contact[name as "name" | "email" | "phone"] ?? "");
}

function change(contact: Contact, name: string, value: string): Parameters<typeof changeContact>[1] {
  const own = custom.exec(name)?.[1];
  return own === undefined ? { [name]: value, version: contact.version } : { fields: { [own]: value }, version: contact.version };
}

/** A field of a contact as something that is saved by itself. */
export function useContactField(contact: Contact, name: string, label: string): SavedField {
  const queries = useQueryClient();
  const { queryKey } = contactQuery(contact.id);
  const latest = () => queries.getQueryData<Contact>(queryKey) ?? contact;
  return {
    current: valueOf(contact, name),
    name,
    label,
    send: async (value) => {
      const now = await changeContact(contact.id, change(latest(), name, value));
      queries.setQueryData(queryKey, now);
      return valueOf(now, name);
    },
    learn: async (now) => {
      if ((now as Contact | undefined)?.id) queries.setQueryData(queryKey, now as Contact);
      else await queries.invalidateQueries({ queryKey });
      return valueOf(latest(), name);
    },
  };
}

/** A field of a contact that is typed. */
export function EditableField({ contact, name, label, type, disabled }: { contact: Contact; name: string; label: string; type: string; disabled: boolean }) {
  return <TypedIn field={useContactField(contact, name, label)} type={type} disabled={disabled} {...(name === "phone" ? { shown: phoneShown } : {})} />;
}

interface TypedInProps {
  field: SavedField;
  type: string;
  disabled: boolean;
  /** It should have a value and has none. */
  missing?: boolean;
  /** How people read the value while they do not edit it. */
  shown?: (value: string) => string;
}

/** A line of text that saves on leaving it. */
export function TypedIn({ field, type, disabled, missing = false, shown }: TypedInProps) {
  const { t } = useLanguage();
  const id = useId();
  const [focused, setFocused] = useState(false);
  const { value, setValue, error, theirs, begin, leave, abandon, keepTheirs, keepOurs } = useSavedField(field);
  return (
    <div>
      <div tabIndex={-1} className="flex min-h-8 items-center gap-3 rounded-sm">
        <label htmlFor={id} title={field.label} className="w-20 shrink-0 truncate text-xs text-muted">
          {field.label}
        </label>
        <input
          id={id}
          type={type}
          dir="auto"
          autoComplete="off"
          value={shown && !focused ? shown(value) : value}
          readOnly={disabled}
          placeholder={disabled ? "" : t(missing ? "customer.required" : "customer.add")}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-error` : undefined}
          onFocus={({ target }) => {
            setFocused(true);
            if (shown) requestAnimationFrame(() => target.select()); // the value as it is kept takes the place of the one shown
            begin();
          }}
          onChange={(event) => setValue(event.target.value)}
          onBlur={() => {
            setFocused(false);
            leave();
          }}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing || event.keyCode === 229) return;
            if (event.key === "Enter") event.currentTarget.parentElement?.focus(); // out of the field, where single keys work again and Tab goes on from
            if (event.key === "Escape") {
              abandon();
              event.stopPropagation();
            }
          }}
          className={`-mx-1.5 min-h-7 min-w-0 flex-1 rounded-sm border border-transparent bg-transparent px-1.5 text-sm read-only:border-transparent enabled:not-read-only:hover:border-line focus-visible:border-accent focus-visible:bg-surface focus-visible:outline-none aria-invalid:border-danger ${missing ? "placeholder:text-warn" : "placeholder:text-faint"}`}
        />
      </div>
      {error && (
        <p id={`${id}-error`} role="alert" className="pl-23 text-xs text-danger">
          {error}
        </p>
      )}
      {theirs !== null && <Conflict theirs={theirs} ours={value} onTheirs={keepTheirs} onOurs={keepOurs} />}
    </div>
  );
}
