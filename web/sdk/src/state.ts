// What goes into a client and what comes out of it.
import type { Attachment, Boot, BootRequest, Config, Contact, Message } from "./protocol.ts";
import type { Storage } from "./storage.ts";
import type { Entry } from "./thread.ts";
import type { Refusal, Runtime, Upload } from "./transport.ts";

/** How the client is set up. */
export interface ClientOptions {
  /** The server's address, like "https://support.example.com", with the path it may live under. */
  server: string;
  /** The web chat channel's account, from its snippet. */
  account: string;
  /** "ja", "en": the language of the server's own texts. */
  locale?: string;
  /** Keeps the token and the unsent messages; without it they live in memory only. */
  storage?: Storage;
  fetch?: typeof fetch;
  WebSocket?: Runtime["WebSocket"];
  /** How files go up; XMLHttpRequest unless this is given. `fetchUpload()` where there is none (Node, Deno, Bun). */
  upload?: Upload;
  /** From 0 up to 1, for jitter and ids. */
  random?: () => number;
  /** Makes the boot request in another place (the host page, where the Origin is the site's own); undefined: it cannot. */
  requestBoot?: (body: BootRequest) => Promise<Boot | undefined>;
  /** Goes with a boot request made here: stands in for the Origin in a frame page that the server handed out. */
  pass?: string | undefined;
}

/** Everything a view shows. A new object after each change; never changed in place. */
export interface State {
  /** `idle` before boot and after logout; `refused` when the server will not have us (see `refusal`). */
  phase: "idle" | "booting" | "ready" | "refused";
  refusal?: { code: string; detail: string };
  /** The live socket is up. */
  online: boolean;
  config?: Config;
  visitor?: { id: number };
  contact?: Contact;
  /** The conversation, oldest first: accepted messages in the server's order, then the pending ones. */
  entries: readonly Entry[];
  /** The newest page of the history has been read. */
  loaded: boolean;
  /** There are messages before the first entry. */
  more: boolean;
  unread: number;
  /** Up to which seq the customer has read. */
  readSeq: number;
  /** Who at the desk is typing; null is nobody. */
  typing: { name: string } | null;
}

/** What happens, by name. */
export interface Events {
  /** Something in the state changed (at most once per microtask). */
  change: State;
  /** A message to the customer arrived live. */
  message: Message;
  unread: number;
  /** The server accepted a message of the customer's. */
  sent: Message;
  /** The server refused a message for good. */
  failed: { client_id: string; code: string; detail: string };
  identified: Contact;
  /** Something asked for was refused: identify, contact, boot. */
  error: Refusal;
}

/** What to send. */
export interface Draft {
  text?: string;
  attachments?: readonly Attachment[];
}
