// The words of the widget API (/widget/v1) as they travel: snake_case JSON, times as RFC 3339 UTC strings, ids as
// numbers below 2^53.

/** Version of the widget protocol that this client speaks. */
export const protocolVersion = 1;

/** Who speaks. `human` is a person at the desk; `automation` is an automatic notice; `system` a quiet line. */
export type AuthorKind = "customer" | "human" | "bot" | "automation" | "system";

/** How far a message came; "" where nothing is delivered (the customer's own messages, system lines). */
export type DeliveryStatus = "" | "queued" | "sending" | "unknown" | "sent" | "delivered" | "read" | "failed";

/** Who wrote a message, as they were named then. */
export interface Author {
  kind: AuthorKind;
  name?: string;
  avatar_url?: string;
}

/** Formatting over `text.slice(start, end)`, counted in UTF-16 units as JavaScript counts. */
export interface Mark {
  kind: "bold" | "italic" | "strike" | "code" | "link" | "list_item" | "mention" | (string & {});
  start: number;
  end: number;
  href?: string;
}

/** A stored file. Addresses may be relative to the server: use `client.address()`. Size in bytes, edges in pixels. */
export interface Attachment {
  id: number;
  kind: "image" | "audio" | "video" | "file" | (string & {});
  name: string;
  mime: string;
  size: number;
  width?: number;
  height?: number;
  url: string;
  thumb_url?: string;
}

/** One piece of a message. */
export interface Part {
  kind: "text" | "image" | "audio" | "video" | "file" | "location" | "choices" | "unknown" | (string & {});
  text?: string;
  marks?: Mark[];
  attachment_id?: number;
  attachment?: Attachment;
  location?: { lat: number; lng: number; label?: string };
  choices?: { id: string; label: string }[];
}

/** One message as the customer may see it. `seq` orders the conversation; the higher `version` is the newer record. */
export interface Message {
  id: number;
  seq: number;
  ticket_id: number;
  author: Author;
  mine: boolean;
  parts: Part[];
  system?: { code: string; params?: Record<string, string> };
  client_id?: string;
  status: DeliveryStatus;
  at: string;
  version: number;
}

/** Whether a field of the contact form is asked for. */
export type Asked = "off" | "optional" | "required";

/** What the channel's settings say to the customer's side. */
export interface Config {
  name: string;
  locale: string;
  color: string;
  theme: "auto" | "light" | "dark";
  position: "right" | "left";
  greeting: string;
  sender: { name: string; avatar_url?: string };
  /** Somebody is there: inside opening hours and at least one agent online. */
  open: boolean;
  next_open_at?: string | null;
  hours_text: string;
  /** While they wait in a queue: their place and for how long; the server tells when it is another by a `config` frame. */
  wait_text?: string;
  /** What is said when nobody is there; "" for the panel's own words. */
  away_text?: string;
  expected_reply: "minutes" | "hours" | "day" | "none" | (string & {});
  privacy_url?: string;
  privacy_text?: string;
  ask: { name: Asked; email: Asked; when: "first" | "away" };
  attachments: {
    max_bytes: number;
    kinds?: string[];
    /** Kinds with a limit of their own, in bytes. */
    limits?: Record<string, number>;
    /** For a file picker; absent = everything. */
    accept?: string;
  };
}

/** The answer to boot (and to state, there without the token). */
export interface Boot {
  token?: string;
  visitor: { id: number };
  contact?: Contact | null;
  config: Config;
  conversation?: { id: number; last_seq: number; unread: number; read_seq: number } | null;
}

/** What the customer told about themselves; nothing of it is verified. */
export interface Contact {
  name?: string;
  email?: string;
}

/** A page of the host, as agents see it. */
export interface Page {
  url: string;
  title?: string;
}

/** The body of boot. */
export interface BootRequest {
  account: string;
  token?: string | undefined;
  identity_jwt?: string | undefined;
  locale?: string | undefined;
  page?: Page | undefined;
  /** Stands in for the Origin in a frame page that the server handed out. */
  pass?: string | undefined;
}

/** What the server says on the live socket. */
export type LiveFrame =
  | { type: "ready"; last_seq: number }
  | { type: "message"; message: Message }
  | { type: "typing"; on: boolean; name?: string }
  | { type: "read"; seq: number }
  | { type: "config"; open: boolean }
  | { type: "bye"; code: string };
