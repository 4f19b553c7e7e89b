import type { Identity, Spec } from "../api/types.ts";
import { phoneShown } from "../contacts/phone.ts";

const wholeId = 16;
const tail = 6;

/**
 * What tells an identity from the contact's others (G2.11): its number, where people have one; else the provider's id, beside another
 * one of the same name on the same channel. Ids of our own browsers say nothing to anybody.
 */
export function knownAs(identity: Identity, all: readonly Identity[], spec: Pick<Spec, "numbers" | "local"> | undefined): string {
  const number = spec?.numbers ? [identity.external_id, identity.alias ?? ""].find((id) => /^\+?\d{5,15}$/.test(id)) : undefined;
  if (number) return phoneShown(`+${number.replace("+", "")}`);
  if (!hasTwin(identity, all) || spec?.local) return "";
  const id = identity.external_id;
  return id.length > wholeId ? `…${id.slice(-tail)}` : id;
}

/** Whether another one has its name on its channel. */
export const hasTwin = (identity: Identity, all: readonly Identity[]): boolean => all.some((other) => other.id !== identity.id && other.channel_id === identity.channel_id && other.name === identity.name);

/** The contact's other identities that a reply would reach, whoever wrote last first: theirs is the likeliest answer (G2.11). */
export const otherWays = (identities: readonly Identity[], here: number): Identity[] =>
  identities
    .filter((one) => one.id !== here && one.reach === "reachable")
    .sort((a, b) => Date.parse(b.last_in_at ?? "1970") - Date.parse(a.last_in_at ?? "1970"));
