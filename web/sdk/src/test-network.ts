// Puts a network with faults between a client and the server in memory: delays, cuts before and after the server has
// done its work, doubled and overtaking frames. Driven by fake timers and a seeded chance.
import type { LiveFrame } from "./protocol.ts";
import type { TestServer } from "./test-server.ts";
import type { WebSocketLike } from "./transport.ts";

/** A small seeded generator (mulberry32): the same seed, the same day. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Faults {
  /** The request never reaches the server. */
  lost?: number;
  /** The server does it, the answer never comes. */
  unanswered?: number;
  /** A 503 before anything is done. */
  busy?: number;
  /** A live frame comes twice. */
  doubled?: number;
  /** A live frame is cut off together with its socket. */
  cut?: number;
  /** Longest delay of anything, milliseconds. */
  delay?: number;
}

export class TestNetwork {
  faults: Faults = {};
  down = false;
  readonly fetch: typeof fetch;
  readonly WebSocket: new (url: string) => WebSocketLike;
  #server: TestServer;
  #random: () => number;
  #open = new Set<() => void>();

  constructor(server: TestServer, random: () => number = () => 0.5) {
    this.#server = server;
    this.#random = random;
    this.fetch = (input, init) => this.#fetch(String(input), init);
    // oxlint-disable-next-line typescript/no-this-alias -- the socket's class has a this of its own
    const network = this;
    this.WebSocket = class implements WebSocketLike {
      onopen: (() => unknown) | null = null;
      onmessage: ((event: { data: unknown }) => unknown) | null = null;
      onclose: (() => unknown) | null = null;
      onerror: (() => unknown) | null = null;
      #leave = () => {};
      #closed = false;
      /** When the frame before arrives: a socket keeps its order. */
      #last = 0;

      constructor() {
        network.#later(() => (network.down || network.#happens("lost") ? this.#end() : this.onopen?.()));
        network.#open.add(() => this.#end());
      }

      send(data: string): void {
        network.#later(() => {
          if (this.#closed) return;
          const hello = JSON.parse(data) as { token?: string; after?: number };
          this.#leave = network.#server.join(hello, (frame) => this.#push(frame));
        });
      }

      close(): void {
        this.#closed = true;
        this.#leave();
      }

      #push(frame: LiveFrame): void {
        const data = JSON.stringify(frame);
        const times = network.#happens("doubled") ? 2 : 1;
        for (let time = 0; time < times; time++) {
          if (network.#happens("cut")) {
            this.#leave();
            network.#later(() => this.#end());
            return;
          }
          this.#last = Math.max(this.#last, Date.now() + network.#delay());
          setTimeout(() => !this.#closed && this.onmessage?.({ data }), this.#last - Date.now());
        }
      }

      #end(): void {
        if (this.#closed) return;
        this.close();
        this.onclose?.();
      }
    } as unknown as new (url: string) => WebSocketLike;
  }

  /** Cuts every socket. */
  cut(): void {
    for (const end of this.#open) end();
    this.#open.clear();
  }

  #happens(fault: keyof Faults): boolean {
    return this.#random() < (this.faults[fault] ?? 0);
  }

  #delay(): number {
    return Math.floor(this.#random() * (this.faults.delay ?? 1));
  }

  #later(then: () => void): void {
    setTimeout(then, this.#delay());
  }

  async #fetch(url: string, init: RequestInit = {}): Promise<Response> {
    await this.#pause();
    if (this.down || this.#happens("lost")) throw new TypeError("network");
    if (this.#happens("busy")) return new Response("busy", { status: 503 });
    const headers = new Headers(init.headers);
    const token = headers.get("Authorization")?.slice("Bearer ".length);
    const path = url.slice(url.indexOf("/widget/v1/") + "/widget/v1/".length);
    const body: unknown =
      typeof init.body === "string" ? JSON.parse(init.body) : init.body ? { name: "photo.png", mime: "image/png", size: 10 } : undefined;
    const answer = this.#server.answer(init.method ?? "GET", path, token, body);
    await this.#pause();
    if (this.down || this.#happens("unanswered")) throw new TypeError("network");
    return new Response(answer.body === undefined ? null : JSON.stringify(answer.body), { status: answer.status, headers: answer.headers ?? {} });
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#later(resolve);
    });
  }
}
