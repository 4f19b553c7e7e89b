import type { Id, Row, Session } from "./types.ts";

/** The beginning of a list as it last stood; `key` is the query's. */
export interface KeptList {
  key: string;
  ids: Id[];
}

/** What a member last saw, so that a reload shows it at once. Nothing in it is a credential. */
export interface Snapshot {
  session: Session;
  /** The small lists and counts around the conversations, by query key. */
  queries: { key: string; data: unknown }[];
  lists: KeptList[];
  rows: Row[];
}

interface Kept extends Snapshot {
  /** Which build wrote it: another one may understand its records differently. */
  build: string;
  owner: string;
  at: number;
}

type Place = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const place = "madoguchi.snapshot";
const member = "madoguchi.member";
const build = import.meta.url; // the built file's name holds a hash
const keptForMs = 12 * 3_600_000;
const mostChars = 300_000;

const owner = ({ workspace, user }: Session) => `${workspace.id}.${user.id}`;

/** From now on this browser belongs to the session's member; what another one saw is forgotten. */
export function claim(session: Session, storage: Storage = localStorage): void {
  if (storage.getItem(member) !== owner(session)) forget(storage);
  storage.setItem(member, owner(session));
}

/** Whether this browser is still the member's (`workspace.user`): what they left unsent goes out in nobody else's name. */
export const belongsTo = (whose: string, storage: Place = localStorage): boolean => storage.getItem(member) === whose;

/** Keeps a snapshot, unless somebody else has signed in meanwhile or nobody is signed in. */
export function keep({ session, ...rest }: Snapshot, storage: Place = localStorage, now = Date.now()): void {
  if (storage.getItem(member) !== owner(session)) return;
  const kept: Kept = { build, owner: owner(session), at: now, session: { ...session, csrf: "" }, ...rest };
  const text = JSON.stringify(kept);
  try {
    if (text.length <= mostChars) storage.setItem(place, text);
  } catch {
    storage.removeItem(place); // no room: the next load waits for the server
  }
}

/** What the member of this browser saw last; nothing if that is long ago or was written by another build. */
export function recall(storage: Place = localStorage, now = Date.now()): Snapshot | undefined {
  try {
    const kept = JSON.parse(storage.getItem(place) ?? "null") as Kept | null;
    if (kept?.build === build && kept.owner === storage.getItem(member) && Math.abs(now - kept.at) < keptForMs) return kept;
  } catch {
    // not ours
  }
  storage.removeItem(place);
  return undefined;
}

/** Nobody is signed in any more. */
export function forget(storage: Storage = localStorage): void {
  storage.removeItem(place);
  storage.removeItem(member);
  globalThis.indexedDB?.deleteDatabase("madoguchi.offline"); // see offline/store.ts
  for (const key of Object.keys(storage)) if (key.startsWith(draftPlace) && isSaved(storage.getItem(key))) storage.removeItem(key);
}

/** Where this browser keeps drafts; see composer/drafts.ts. What the server lacks stays for when its writer comes back. */
export const draftPlace = "madoguchi.draft.";

function isSaved(draft: string | null): boolean {
  try {
    return (JSON.parse(draft ?? "null") as { saved?: boolean } | null)?.saved === true;
  } catch {
    return true; // not ours
  }
}
