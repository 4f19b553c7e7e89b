import { backoff } from "./backoff.ts";
import type { LiveFrame } from "./protocol.ts";
import type { Runtime, WebSocketLike } from "./transport.ts";

/** How long a connection may take until the server is ready, milliseconds. */
const patience = 15_000;

/** What the socket needs of its client. */
export interface LivePorts {
  runtime: Runtime;
  url: string;
  /** The first frame: who we are and what we have. */
  hello(): object;
  frame(frame: LiveFrame): void;
  /** The connection is up (the server was heard to be ready), or is no more. */
  up(up: boolean): void;
}

/** A WebSocket that comes back by itself, with growing pauses. */
export class Live {
  #ports: LivePorts;
  #socket: WebSocketLike | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #wanted = false;
  #ready = false;

  constructor(ports: LivePorts) {
    this.#ports = ports;
  }

  open(): void {
    this.#wanted = true;
    if (!this.#socket) this.#dial();
  }

  close(): void {
    this.#wanted = false;
    this.#drop();
  }

  /** There is reason to believe that it works now: no waiting. */
  wake(): void {
    if (!this.#wanted || this.#socket) return;
    this.#attempt = 0;
    this.#dial();
  }

  #dial(): void {
    clearTimeout(this.#timer);
    const { runtime, url } = this.#ports;
    let socket: WebSocketLike;
    try {
      socket = new runtime.WebSocket(url);
    } catch {
      this.#again();
      return;
    }
    this.#socket = socket;
    this.#timer = setTimeout(this.#lost, patience);
    socket.onopen = () => socket.send(JSON.stringify(this.#ports.hello()));
    socket.onmessage = ({ data }) => {
      let frame: LiveFrame;
      try {
        frame = JSON.parse(String(data)) as LiveFrame;
      } catch {
        return;
      }
      if (frame.type === "ready") {
        clearTimeout(this.#timer);
        this.#attempt = 0;
        this.#ready = true;
        this.#ports.frame(frame);
        this.#ports.up(true);
      } else this.#ports.frame(frame);
    };
    socket.onclose = socket.onerror = this.#lost;
  }

  #lost = (): void => {
    this.#drop();
    this.#again();
  };

  /** Lets go of the socket: whatever it still has to say is heard by nobody. */
  #drop(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
      try {
        socket.close();
      } catch {
        // Closing what never opened is no news.
      }
    }
    if (this.#ready) {
      this.#ready = false;
      this.#ports.up(false);
    }
  }

  #again(): void {
    if (!this.#wanted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#dial(), backoff(this.#attempt++, this.#ports.runtime.random));
  }
}
