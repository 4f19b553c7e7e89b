import { backoff } from "./backoff.ts";
import type { Message, Page, Part } from "./protocol.ts";
import type { Storage } from "./storage.ts";
import type { Pending } from "./thread.ts";
import type { Refusal } from "./transport.ts";

const prefix = "out:";

/** What the outbox needs of its client. */
export interface OutboxPorts {
  storage: Storage;
  random: () => number;
  /** Makes the request; throws Refusal. */
  post(item: Pending): Promise<Message>;
  /** The server has it. */
  accepted(message: Message): void;
  /** The server refused it for good. */
  refused(item: Pending, fault: { code: string; detail: string }): void;
  /** Something about the list changed. */
  changed(): void;
}

/**
 * The messages not yet accepted. Each one lies in the storage under a key of its own from before its first request
 * until the server's answer, and goes out again with the same client id until there is one: nothing is lost, and the
 * server makes a repetition harmless. They go one at a time, so that order is kept.
 */
export class Outbox {
  #ports: OutboxPorts;
  #items: Pending[] = [];
  #running = false;
  #sending: string | undefined;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = true;

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
  }

  get items(): readonly Pending[] {
    return this.#items;
  }

  /** The client id that is on its way now. */
  get sending(): string | undefined {
    return this.#sending;
  }

  /** Takes up what an earlier run left behind. */
  async restore(): Promise<void> {
    const { storage } = this.#ports;
    for (const key of await storage.keys()) {
      if (!key.startsWith(prefix) || this.#items.some((item) => prefix + item.client_id === key)) continue;
      try {
        const item = JSON.parse((await storage.get(key)) ?? "null") as Pending | null;
        if (item?.client_id && item.parts) this.#items.push(item);
      } catch {
        // Not ours, or cut off: nothing can be sent from it.
      }
    }
    this.#items.sort((a, b) => a.order - b.order);
    this.#ports.changed();
  }

  /** Puts a message in line and on the storage. */
  add(clientId: string, parts: Part[], page: Page | undefined, now: number): void {
    const order = Math.max(now, (this.#items.at(-1)?.order ?? 0) + 1);
    const item: Pending = { client_id: clientId, parts, at: new Date(now).toISOString(), order, page };
    this.#items.push(item);
    this.#keep(item);
    this.#ports.changed();
    this.flush();
  }

  /** Tries a refused message again. */
  retry(clientId: string): void {
    const item = this.#items.find((one) => one.client_id === clientId);
    if (!item?.fault) return;
    delete item.fault;
    this.#keep(item);
    this.#ports.changed();
    this.wake();
  }

  /** Takes a message out: the customer gave it up, or the server has it. */
  remove(clientId: string): void {
    const at = this.#items.findIndex((item) => item.client_id === clientId);
    if (at < 0) return;
    this.#items.splice(at, 1);
    this.#quietly(() => this.#ports.storage.remove(prefix + clientId));
    this.#ports.changed();
  }

  /** Forgets everything, on the storage too. */
  clear(): void {
    while (this.#items[0]) this.remove(this.#items[0].client_id);
  }

  /** Sending may begin, and goes on until stop. */
  start(): void {
    this.#stopped = false;
    this.wake();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** There is reason to believe that it works now: no waiting. */
  wake(): void {
    this.#attempt = 0;
    this.flush();
  }

  /** Sends what is in line. */
  flush(): void {
    clearTimeout(this.#timer);
    if (!this.#running && !this.#stopped) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (;;) {
      const item = this.#stopped ? undefined : this.#items.find((one) => !one.fault);
      if (!item) break;
      this.#sending = item.client_id;
      this.#ports.changed();
      try {
        const message = await this.#ports.post(item);
        this.#attempt = 0;
        // Given up while it was on its way: the server has it all the same, and the thread will show it.
        this.#ports.accepted(message);
        this.remove(item.client_id);
      } catch (error) {
        const refusal = error as Refusal;
        if (refusal.temporary || refusal.status === 401) {
          const wait = refusal.after ?? backoff(this.#attempt++, this.#ports.random);
          if (!this.#stopped) this.#timer = setTimeout(() => this.flush(), wait);
          break;
        }
        item.fault = { code: refusal.code, detail: refusal.message };
        if (this.#items.includes(item)) this.#keep(item);
        this.#ports.refused(item, item.fault);
      }
    }
    this.#sending = undefined;
    this.#running = false;
    this.#ports.changed();
  }

  #keep(item: Pending): void {
    this.#quietly(() => this.#ports.storage.set(prefix + item.client_id, JSON.stringify(item)));
  }

  /** A full or forbidden storage must not stop the message from being sent. */
  #quietly(write: () => void | Promise<void>): void {
    try {
      void Promise.resolve(write()).catch(() => {});
    } catch {
      // As above.
    }
  }
}
