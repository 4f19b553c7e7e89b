import { sendMessage } from "../api/desk.ts";
import { passing, Problem } from "../api/problem.ts";
import { belongsTo } from "../api/snapshot.ts";
import type { Id, Message, NewMessage, ProblemDocument } from "../api/types.ts";
import { backoff } from "./socket.ts";

/** A message on its way to the server. */
export interface Outgoing {
  readonly conversation: Id;
  readonly message: NewMessage;
  readonly at: number;
  /** waiting: for its turn or the connection; failed: refused, the person decides. */
  readonly state: "waiting" | "sending" | "failed";
  readonly problem?: unknown;
}

interface SenderEvents {
  changed(conversation: Id): void;
  sent(message: Message, outgoing: Outgoing): void;
  /** The server refused one, and it stays until its writer decides. */
  failed(outgoing: Outgoing): void;
}

/** Where waiting messages survive a reload, each by itself: tabs share it, and none writes over another's. */
export interface Shelf {
  /** What lies there, in the order in which it was written. */
  read(): Outgoing[];
  put(waiting: Outgoing): void;
  remove(clientId: string): void;
  /** Whether the browser is still its member's. After a sign-out what lies there waits for them to come back. */
  ours(): boolean;
}

/** A shelf in this browser, of one member in one workspace. */
export function browserShelf(name: string, place: Storage = localStorage): Shelf {
  const prefix = `madoguchi.outgoing.${name}.`;
  const at = (key: string): Outgoing[] => {
    try {
      return [revived(JSON.parse(place.getItem(key) ?? "") as Outgoing)];
    } catch {
      return []; // taken away meanwhile, or not ours
    }
  };
  return {
    read: () =>
      Object.keys(place)
        .filter((key) => key.startsWith(prefix))
        .flatMap(at)
        .sort((a, b) => a.at - b.at),
    put: (waiting) => {
      try {
        place.setItem(prefix + waiting.message.client_id, JSON.stringify(waiting));
      } catch {
        // no room: it waits as long as this tab is open
      }
    },
    remove: (clientId) => place.removeItem(prefix + clientId),
    ours: () => belongsTo(name, place),
  };
}

/**
 * Sends messages in order, one at a time per conversation, and keeps those that cannot go yet. Each carries its
 * client_id, so sending again after a doubtful answer doubles nothing.
 */
export class Sender {
  private all: readonly Outgoing[];
  private readonly busy = new Set<Id>();
  private readonly attempts = new Map<string, number>();
  private readonly shelf: Shelf;
  private readonly on: SenderEvents;

  constructor(shelf: Shelf, on: SenderEvents) {
    this.shelf = shelf;
    this.on = on;
    this.all = shelf.read().map((one) => (one.state === "sending" ? { ...one, state: "waiting" } : one));
  }

  /** What is on its way in a conversation, oldest first. */
  of = (() => {
    const memo = new Map<Id, { from: readonly Outgoing[]; list: readonly Outgoing[] }>();
    return (conversation: Id): readonly Outgoing[] => {
      const known = memo.get(conversation);
      if (known?.from === this.all) return known.list;
      const list = this.all.filter((one) => one.conversation === conversation);
      const same = known && known.list.length === list.length && known.list.every((one, i) => one === list[i]);
      const kept = same ? known.list : list;
      memo.set(conversation, { from: this.all, list: kept });
      return kept;
    };
  })();

  /** How many wait for the connection. */
  waiting = (): number => this.all.filter((one) => one.state !== "failed").length;

  send(conversation: Id, message: NewMessage): void {
    const after = this.all.at(-1)?.at ?? 0; // the shelf keeps the order by it
    this.put({ conversation, message, at: Math.max(Date.now(), after + 1), state: "waiting" });
    void this.work(conversation);
  }

  /** Whether something that the server refused waits in a conversation for its writer. */
  refused = (conversation: Id): boolean => this.all.some((one) => one.conversation === conversation && one.state === "failed");

  /** Tries a refused message again. */
  retry(clientId: string): void {
    this.update(clientId, { state: "waiting" });
    const one = this.find(clientId);
    if (one) void this.work(one.conversation);
  }

  /** Forgets a message that was refused. The answer takes that back: it stands where it stood. */
  discard(clientId: string): () => void {
    const one = this.find(clientId);
    this.remove(clientId);
    return () => one && this.put(one);
  }

  /** Goes on with everything that waits; after the connection came back. */
  resume(): void {
    for (const conversation of new Set(this.all.map((one) => one.conversation))) void this.work(conversation);
  }

  private find = (clientId: string) => this.all.find((one) => one.message.client_id === clientId);

  private update(clientId: string, news: Pick<Outgoing, "state" | "problem">): void {
    const one = this.find(clientId);
    if (one) this.put({ ...one, problem: undefined, ...news });
  }

  private put(one: Outgoing): void {
    const known = this.all.some((other) => sameMessage(other, one));
    this.all = known ? this.all.map((other) => (sameMessage(other, one) ? one : other)) : [...this.all, one].sort((a, b) => a.at - b.at);
    this.shelf.put(one);
    this.on.changed(one.conversation);
  }

  private remove(clientId: string): void {
    const one = this.find(clientId);
    if (!one) return;
    this.all = this.all.filter((other) => other !== one);
    this.shelf.remove(clientId);
    this.on.changed(one.conversation);
  }

  private async work(conversation: Id): Promise<void> {
    if (this.busy.has(conversation)) return;
    this.busy.add(conversation);
    try {
      for (let next = this.next(conversation); next; next = this.next(conversation)) if (!(await this.deliver(next))) return;
    } finally {
      this.busy.delete(conversation);
    }
  }

  private next = (conversation: Id) => this.of(conversation).find((one) => one.state === "waiting");

  /** Sends one. False when the rest of the conversation should wait. */
  private async deliver(one: Outgoing): Promise<boolean> {
    const id = one.message.client_id;
    if (!this.shelf.ours()) return false;
    this.update(id, { state: "sending" });
    try {
      const message = await sendMessage(one.conversation, one.message);
      this.attempts.delete(id);
      this.on.sent(message, one);
      this.remove(id);
      return true;
    } catch (problem) {
      if (!passing(problem)) {
        this.update(id, { state: "failed", problem });
        this.on.failed({ ...one, state: "failed", problem });
        return true;
      }
      this.update(id, { state: "waiting" });
      const attempt = this.attempts.get(id) ?? 0;
      this.attempts.set(id, attempt + 1);
      setTimeout(() => void this.work(one.conversation), backoff(attempt));
      return false;
    }
  }
}

const sameMessage = (a: Outgoing, b: Outgoing) => a.message.client_id === b.message.client_id;

/** Why the server refused it is told after a reload, too (ux 16). */
const revived = (one: Outgoing): Outgoing => (one.problem ? { ...one, problem: new Problem(one.problem as Partial<ProblemDocument> & { status: number; code: string }) } : one);
