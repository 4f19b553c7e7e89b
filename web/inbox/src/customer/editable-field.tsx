import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import { changeContact, contactQuery } from "../api/desk.ts";
import { Problem } from "../api/problem.ts";
import type { Contact } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { Button } from "../ui/button.tsx";
import { useToast } from "../ui/toast.tsx";

interface FieldProps {
  contact: Contact;
  /** A field of the contact, or "fields.x" for one of the workspace's own. */
  name: string;
  label: string;
  type: string;
  disabled: boolean;
}

const custom = /^fields\.(.+)$/;

/** The value of a field of a contact. */
export function valueOf(contact: Contact, name: string): string {
  const own = custom.exec(name)?.[1];
  if (own !== undefined) return contact.fields?.[own] ?? "";
  return String(contact[name as "name" | "email" | "phone"] ?? "");
}

function change(contact: Contact, name: string, value: string): Parameters<typeof changeContact>[1] {
  const own = custom.exec(name)?.[1];
  return own === undefined ? { [name]: value, version: contact.version } : { fields: { ...contact.fields, [own]: value }, version: contact.version };
}

/** A field that saves on leaving it, can be undone, and shows both values when somebody else was quicker (G3.3). */
export function EditableField({ contact, name, label, type, disabled }: FieldProps) {
  const { t } = useLanguage();
  const id = useId();
  const queries = useQueryClient();
  const toast = useToast();
  const current = valueOf(contact, name);
  const [value, setValue] = useState(current);
  const [error, setError] = useState("");
  const [theirs, setTheirs] = useState<string | null>(null);
  const editing = useRef(false);
  const begun = useRef(current); // what stood there when editing began

  useEffect(() => {
    if (!editing.current) setValue(current);
  }, [current]);

  const latest = () => queries.getQueryData<Contact>(contactQuery(contact.id).queryKey) ?? contact;
  const save = async (next: string, undoTo: string | null) => {
    setError("");
    setTheirs(null);
    try {
      queries.setQueryData(contactQuery(contact.id).queryKey, await changeContact(contact.id, change(latest(), name, next)));
      setValue(next);
      if (undoTo !== null) toast.undoable(t("customer.saved", { field: label }), () => void save(undoTo, null));
    } catch (problem) {
      if (problem instanceof Problem && problem.code === "edited_meanwhile") {
        const now = problem.params["current"] as Contact | undefined;
        if (now?.id) queries.setQueryData(contactQuery(contact.id).queryKey, now);
        else await queries.invalidateQueries({ queryKey: contactQuery(contact.id).queryKey });
        const other = valueOf(latest(), name);
        if (other === undoTo) return save(next, undoTo); // another field was edited: ours still fits
        return setTheirs(other);
      }
      if (problem instanceof Problem && problem.status === 422) return setError(problem.of(name) || problem.message);
      toast.problem(problem);
    }
  };
  const leave = () => {
    editing.current = false;
    const next = value.trim();
    if (next === current || next === begun.current) setValue(current);
    else if (current !== begun.current) setTheirs(current); // their change came in live, before ours was sent
    else void save(next, current);
  };

  return (
    <div>
      <div className="flex min-h-8 items-center gap-3">
        <label htmlFor={id} className="w-20 shrink-0 truncate text-xs text-muted">
          {label}
        </label>
        <input
          id={id}
          type={type}
          dir="auto"
          autoComplete="off"
          value={value}
          readOnly={disabled}
          placeholder={disabled ? "" : t("customer.add")}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-error` : undefined}
          onFocus={() => {
            editing.current = true;
            begun.current = current;
          }}
          onPointerEnter={(event) => (event.currentTarget.title = event.currentTarget.scrollWidth > event.currentTarget.clientWidth ? value : "")}
          onChange={(event) => setValue(event.target.value)}
          onBlur={leave}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing || event.keyCode === 229) return;
            if (event.key === "Enter") event.currentTarget.blur();
            if (event.key === "Escape") {
              setValue(current);
              editing.current = false;
              event.stopPropagation();
            }
          }}
          className="-mx-1.5 min-h-7 min-w-0 flex-1 rounded-sm border border-transparent bg-transparent px-1.5 text-sm text-ellipsis placeholder:text-faint read-only:border-transparent enabled:not-read-only:hover:border-line focus-visible:border-accent focus-visible:bg-surface focus-visible:outline-none aria-invalid:border-danger"
        />
      </div>
      {error && (
        <p id={`${id}-error`} role="alert" className="pl-23 text-xs text-danger">
          {error}
        </p>
      )}
      {theirs !== null && (
        <div role="alert" className="my-1 rounded bg-warn-soft p-2 text-xs">
          <p className="mb-1 font-medium text-warn">{t("customer.conflict")}</p>
          <p>
            {t("customer.theirs")} <bdi className="font-medium">{theirs || t("customer.empty")}</bdi>
          </p>
          <p>
            {t("customer.ours")} <bdi className="font-medium">{value || t("customer.empty")}</bdi>
          </p>
          <p className="mt-2 flex gap-2">
            <Button
              size="sm"
              onClick={() => {
                setValue(theirs);
                setTheirs(null);
              }}
            >
              {t("customer.keep_theirs")}
            </Button>
            <Button size="sm" onClick={() => void save(value.trim(), theirs)}>
              {t("customer.keep_ours")}
            </Button>
          </p>
        </div>
      )}
    </div>
  );
}
