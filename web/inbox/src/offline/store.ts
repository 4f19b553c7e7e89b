import type { Id, Message } from "../api/types.ts";

/** The newest messages of a conversation, as they were seen. */
export interface KeptThread {
  id: Id;
  items: readonly Message[];
}

interface Kept extends KeptThread {
  owner: string;
  at: number;
}

const base = "madoguchi.offline";
const table = "threads";
const keptForMs = 12 * 3_600_000; // as the snapshot's
const mostThreads = 50;
const mostMessages = 50;

/** Whose the browser is now; nobody's after a sign-out. */
const owner = () => localStorage.getItem("madoguchi.member");

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });

/** Does something with the table; the connection is closed at once, so that it can be deleted at any time. */
async function within<T>(mode: IDBTransactionMode, act: (threads: IDBObjectStore) => Promise<T>): Promise<T> {
  const opening = indexedDB.open(base, 1);
  opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore(table, { keyPath: "id" }));
  const open = await done(opening);
  try {
    return await act(open.transaction(table, mode).objectStore(table));
  } finally {
    open.close();
  }
}

/** Keeps threads of the browser's member, the last used ones at the end; what is there too many goes, the oldest first. */
export async function keepThreads(threads: readonly KeptThread[], whose = owner(), now = Date.now()): Promise<void> {
  if (!whose || whose !== owner()) return; // somebody else has signed in meanwhile, or nobody is
  await within("readwrite", async (place) => {
    for (const { id, items } of threads) await done(place.put({ id, items: items.slice(-mostMessages), owner: whose, at: now } satisfies Kept));
    const all = (await done(place.getAll())) as Kept[];
    const order = [...all].sort((a, b) => b.at - a.at);
    for (const one of order) if (one.owner !== whose || now - one.at > keptForMs || order.indexOf(one) >= mostThreads) await done(place.delete(one.id));
  });
}

/** A thread as the browser's member saw it last, if that is not long ago. */
export async function recallThread(id: Id, now = Date.now()): Promise<readonly Message[] | undefined> {
  const one = await within("readonly", async (place) => (await done(place.get(id))) as Kept | undefined);
  return one && one.owner === owner() && Math.abs(now - one.at) <= keptForMs ? one.items : undefined;
}

/** Forgets a thread that the member does not see any more. */
export const dropThread = (id: Id): Promise<unknown> => within("readwrite", (place) => done(place.delete(id)));

/** Forgets them all: what the member may see has changed. */
export const dropThreads = (): Promise<unknown> => within("readwrite", (place) => done(place.clear()));
