import type { DeliveryStatus, Message, Part } from "./protocol.ts";

/** A message of the customer's that the server has not accepted yet. */
export interface Pending {
  client_id: string;
  parts: Part[];
  /** When it was written, RFC 3339 UTC. */
  at: string;
  /** Its place among the pending ones: they are sent and shown in this order. */
  order: number;
  page?: { url: string; title?: string } | undefined;
  /** Set when the server refused it for good; a retry clears it. */
  fault?: { code: string; detail: string };
}

/** One line of the conversation as it is shown. */
export interface Entry {
  /** Stable from the first keystroke to the server's answer, so that a view may key on it. */
  key: string;
  message: Message;
  /** How far a message of the customer's came; "" for everybody else's. */
  delivery: DeliveryStatus;
  /** Why it failed. */
  fault?: { code: string; detail: string } | undefined;
}

/**
 * The conversation, put together from history pages, live frames, answers to our own requests and what is still
 * pending, in any order and any number of times: the newer version of a record wins, `seq` orders, what is pending
 * comes last.
 */
export class Thread {
  #messages = new Map<number, Message>();
  #ordered: Message[] | undefined;

  /** Takes a record in; answers whether it told anything new. */
  merge(message: Message): boolean {
    const known = this.#messages.get(message.id);
    if (known && known.version >= message.version) return false;
    this.#messages.set(message.id, message);
    this.#ordered = undefined;
    return true;
  }

  /** The accepted messages in the server's order. */
  get messages(): readonly Message[] {
    this.#ordered ??= [...this.#messages.values()].sort((a, b) => a.seq - b.seq);
    return this.#ordered;
  }

  /** The whole list. `seen` is the seq up to which the desk has read. */
  entries(pending: readonly Pending[], sending: string | undefined, seen: number): Entry[] {
    const accepted = new Set<string>();
    const entries: Entry[] = this.messages.map((message) => {
      if (message.mine && message.client_id) accepted.add(message.client_id);
      return {
        key: (message.mine && message.client_id) || `m${message.id}`,
        message,
        delivery: !message.mine ? "" : message.status === "read" || message.seq <= seen ? "read" : message.status || "sent",
      };
    });
    let seq = (this.messages.at(-1)?.seq ?? 0) + 1;
    for (const item of pending) {
      if (accepted.has(item.client_id)) continue;
      entries.push({
        key: item.client_id,
        message: {
          id: 0,
          seq: seq++,
          ticket_id: 0,
          author: { kind: "customer" },
          mine: true,
          parts: item.parts,
          client_id: item.client_id,
          status: "",
          at: item.at,
          version: 0,
        },
        delivery: item.fault ? "failed" : item.client_id === sending ? "sending" : "queued",
        fault: item.fault,
      });
    }
    return entries;
  }

  /** How many messages to the customer lie after `seq`. */
  unread(seq: number): number {
    return this.messages.filter((message) => message.seq > seq && !message.mine && message.author.kind !== "system").length;
  }
}
