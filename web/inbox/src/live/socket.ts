import type { Board, SavedSize } from "../api/types.ts";
import type { ClientFrame, Patch, ServerFrame, Viewing } from "./frames.ts";

/** How the connection stands. */
export type Connection = "connecting" | "online" | "offline";

export interface SocketEvents {
  /** Caught up. `first` says that nothing was followed before, so what was read until now may be old. */
  ready(first: boolean): void;
  /** Too far behind: everything has to be read again. */
  reset(): void;
  patch(patch: Patch): void;
  viewing(viewing: Viewing): void;
  board(board: Board): void;
  saved(sizes: SavedSize[]): void;
  connection(state: Connection): void;
  signedOut(): void;
}

const beatMs = 20_000;
/** A beat is answered at once: where nothing is heard for so long the socket leads nowhere. */
const answerWithinMs = 10_000;
/** The same for a person who has just come back, and waits. */
const wokenWithinMs = 5_000;
const openWithinMs = 15_000;
/** The browser has another network, or none: either may leave a socket open that nothing comes through. */
const networks = ["online", "offline"] as const;
/** A timer that rings so late has slept with the page, or waited for it. */
const lateMs = 1_000;
const longestWaitMs = 30_000;

/** How long to wait before attempt n (from 0): doubling up to 30 s, half of it by chance, so that a restart is not stormed. */
export const backoff = (attempt: number, random = Math.random()) => Math.min(longestWaitMs, 500 * 2 ** attempt) * (0.5 + random / 2);

/** The live socket: says hello with the last sequence it has, follows, and comes back by itself after any cut. */
export class LiveSocket {
  private socket: WebSocket | null = null;
  private seq = 0;
  private attempt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private beat: ReturnType<typeof setInterval> | undefined;
  private patience: ReturnType<typeof setTimeout> | undefined;
  private answers = false; // a server of the release before hears beats only
  private stopped = false;
  private readonly url: string;
  private readonly on: SocketEvents;
  private readonly idle: () => boolean;
  private readonly wake = () => this.now();

  constructor(url: string, on: SocketEvents, idle: () => boolean) {
    this.url = url;
    this.on = on;
    this.idle = idle;
  }

  start(): void {
    this.stopped = false;
    for (const kind of networks) window.addEventListener(kind, this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    for (const kind of networks) window.removeEventListener(kind, this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    clearTimeout(this.retry);
    this.drop();
  }

  /** Sends if connected; hints are not queued. */
  send(frame: ClientFrame): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  /** Tries again at once instead of waiting out the pause; asks whether the server is still there where it seems to be. */
  now(): void {
    if (this.stopped || document.visibilityState === "hidden") return;
    if (this.socket) return this.ask(wokenWithinMs);
    clearTimeout(this.retry);
    this.connect();
  }

  private connect(): void {
    this.on.connection("connecting");
    const socket = new WebSocket(this.url);
    this.socket = socket;
    this.answers = false;
    this.expect(openWithinMs);
    socket.addEventListener("open", () => {
      this.expect(openWithinMs);
      this.send({ type: "hello", seq: this.seq });
    });
    socket.addEventListener("message", (event) => this.receive(JSON.parse(String(event.data)) as ServerFrame));
    socket.addEventListener("close", () => {
      if (this.socket === socket) this.lost();
    });
  }

  /** Says that somebody is there, and listens whether the server is: a phone slept, or left the network that it had. */
  private ask(withinMs = answerWithinMs): void {
    this.send({ type: "beat", idle: this.idle() });
    if (this.answers) this.expect(withinMs);
  }

  /** Gives the connection up when nothing comes in time. A page that slept meanwhile may not have heard it yet, and asks anew. */
  private expect(withinMs: number): void {
    clearTimeout(this.patience);
    const until = Date.now() + withinMs;
    this.patience = setTimeout(() => {
      if (Date.now() - until < lateMs) this.lost();
      else this.now();
    }, withinMs);
  }

  private receive(frame: ServerFrame): void {
    clearTimeout(this.patience);
    switch (frame.type) {
      case "ready": {
        const first = this.seq === 0;
        this.seq = Math.max(this.seq, frame.seq);
        this.attempt = 0;
        clearInterval(this.beat);
        this.beat = setInterval(() => this.ask(), beatMs);
        this.ask();
        this.on.connection("online");
        return this.on.ready(first);
      }
      case "reset":
        this.seq = frame.seq;
        return this.on.reset();
      case "patch":
        if (frame.seq) this.seq = Math.max(this.seq, frame.seq);
        return this.on.patch(frame);
      case "viewing":
        return this.on.viewing(frame);
      case "board":
        return this.on.board(frame.board);
      case "saved":
        return this.on.saved(frame.sizes);
      case "beat":
        this.answers = true;
        return;
      case "bye":
        if (frame.code === "signed_out") {
          this.stop();
          this.on.signedOut();
        }
    }
  }

  private lost(): void {
    this.drop();
    if (this.stopped) return;
    this.on.connection("offline");
    this.retry = setTimeout(() => this.connect(), backoff(this.attempt++));
  }

  private drop(): void {
    clearInterval(this.beat);
    clearTimeout(this.patience);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }
}
