import type { Contact, Workspace } from "../api/types.ts";

export type ExternalLink = NonNullable<Workspace["external_links"]>[number];

const variable = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** The names of the variables in a link's address, each once. */
export const variablesIn = (url: string): string[] => [...new Set([...url.matchAll(variable)].map(([, name]) => name ?? ""))];

/** A link's address for people to read, with what its variables are called. */
export const named = (url: string, labelOf: (name: string) => string): string => url.replace(variable, (_, name: string) => labelOf(name));

/** What stands for a link's variables. */
export type LinkValues = (name: string) => string | number | undefined;

/** The values of a contact, and of the ticket beside it if there is one. */
export function valuesOf(contact: Contact, ticketNumber?: number): LinkValues {
  const values: Record<string, string | number | undefined> = {
    "contact.id": contact.id,
    "contact.external_id": contact.external_id,
    "contact.name": contact.name,
    "contact.email": contact.email,
    "contact.phone": contact.phone,
    "ticket.number": ticketNumber,
    ...Object.fromEntries(Object.entries(contact.fields ?? {}).map(([key, value]) => [`contact.fields.${key}`, value])),
  };
  return (name) => values[name];
}

/**
 * A link's address with its values in it, or null where one is empty. What customers say of themselves stays one value:
 * it is percent-encoded, and "." and "..", which would climb to another page of that host, count as empty.
 */
export function filled(url: string, values: LinkValues): string | null {
  let whole = true;
  const address = url.replace(variable, (_, name: string) => {
    const value = String(values(name) ?? "").trim().replace(/\p{Surrogate}/gu, "\ufffd"); // half a character cannot be encoded
    if (/^\.{0,2}$/.test(value)) whole = false;
    return encodeURIComponent(value);
  });
  return whole && URL.canParse(address) && new URL(address).protocol === "https:" ? address : null;
}
