/**
 * The words of the HTTP contract, as the screens use them. Ids are numbers, instants RFC 3339 strings in UTC.
 */
export type Id = number;
/** RFC 3339, UTC, milliseconds. */
export type Instant = string;

export type Locale = "ja" | "en";
export type Role = "viewer" | "agent" | "supervisor" | "admin" | "owner";
export type Availability = "online" | "transfer_only" | "away" | "offline";
export type Status = "bot" | "queued" | "open" | "pending" | "snoozed" | "resolved";
export type Priority = "low" | "normal" | "high" | "urgent";
export type AuthorKind = "customer" | "human" | "bot" | "automation" | "system" | "note";
export type PartKind = "text" | "image" | "audio" | "video" | "file" | "location" | "choices" | "unknown";
export type MediaKind = "image" | "audio" | "video" | "file";
export type MarkKind = "bold" | "italic" | "strike" | "code" | "link" | "list_item" | "mention";
export type DeliveryStatus = "" | "queued" | "sending" | "unknown" | "sent" | "delivered" | "read" | "failed";
export type Mode = "reply" | "note";
export type ViewName = "mine" | "unassigned" | "all" | "waiting" | "replied" | "snoozed" | "resolved" | "team";
export type Sort = "activity" | "waiting" | "priority";

export interface Page<T> {
  items: T[];
  next: string;
}

export interface Member {
  user_id: Id;
  role: Role;
  name: string;
  display_name: string;
  email: string;
  avatar_url?: string | null;
  active: boolean;
  availability: Availability;
}

export interface Workspace {
  id: Id;
  name: string;
  locale: Locale;
  zone: string;
  reopen_days: number;
}

export interface Session {
  user: { id: Id; name: string; email: string; locale: Locale; zone: string };
  member: Member;
  workspace: Workspace;
  memberships: { workspace_id: Id; name: string }[];
  permissions: string[];
  csrf: string;
  preferences: Record<string, unknown>;
  server: { version: string; time: Instant };
}

export interface Team {
  id: Id;
  name: string;
  member_ids: Id[];
}

export interface Tag {
  id: Id;
  name: string;
  color: string;
}

export interface Channel {
  id: Id;
  kind: string;
  name: string;
  account: string;
  state: string;
  settings: Record<string, unknown>;
  team_id?: Id | null;
  schedule_id?: Id | null;
  last_seen_at?: Instant | null;
  last_seen_on?: string | null;
  snippet?: string;
  version: number;
}

export interface Spec {
  kind: string;
  order: number;
  icon: string;
  local: boolean;
  settings: { name: string; type: string; required?: boolean; options?: string[]; default?: string; max_runes?: number }[];
  capabilities: Capabilities;
}

export interface Capabilities {
  text_limit: number;
  text_unit: string;
  marks: MarkKind[] | null;
  media: { kind: PartKind; mime: string[] | null; max_bytes: number }[] | null;
  choices: number;
  receipts: DeliveryStatus[] | null;
  typing: boolean;
  reply_to: boolean;
  window_hours: number;
}

export interface TicketState {
  id: Id;
  number: number;
  status: Status;
  reason?: string | null;
  priority: Priority;
  assignee_id?: Id | null;
  team_id?: Id | null;
  tag_ids?: Id[] | null;
  snoozed_until?: Instant | null;
  wait_since?: Instant | null;
}

/** One line of the list: a conversation with its latest ticket; read_seq, unread and draft are the viewer's own. */
export interface Row {
  id: Id;
  channel_id: Id;
  channel_kind: string;
  contact: { id: Id; name: string; avatar_url?: string | null; blocked?: boolean };
  ticket: TicketState;
  preview: { author: AuthorKind; name?: string; kind: PartKind; text: string };
  last_activity_at: Instant;
  last_seq: number;
  last_inbound_seq: number;
  read_seq: number;
  unread: number;
  draft: boolean;
  failed: boolean;
  version: number;
}

export interface Counts {
  mine: number;
  mine_unread: number;
  unassigned: number;
  unassigned_unread: number;
  all: number;
  waiting: number;
  replied: number;
  snoozed: number;
  resolved: number;
  teams?: Record<string, number> | null;
}

export interface Mark {
  kind: MarkKind;
  start: number;
  end: number;
  href?: string;
  user_id?: Id;
}

export interface Attachment {
  id: Id;
  kind: MediaKind;
  name: string;
  mime: string;
  size: number;
  width?: number;
  height?: number;
  url: string;
  thumb_url?: string | null;
  message_id?: Id | null;
  conversation_id?: Id | null;
  created_at: Instant;
}

export interface Part {
  kind: PartKind;
  text?: string;
  marks?: Mark[] | null;
  attachment_id?: Id;
  attachment?: Attachment | null;
  location?: { lat: number; lng: number; label?: string } | null;
  choices?: { id: string; label: string }[] | null;
}

export interface Message {
  id: Id;
  conversation_id: Id;
  ticket_id: Id;
  seq: number;
  author: { kind: AuthorKind; id?: Id; name?: string; avatar_url?: string | null };
  parts: Part[] | null;
  system?: { code: string; params?: Record<string, string> | null } | null;
  client_id?: string;
  status: DeliveryStatus;
  fault?: { kind: string; code: string; detail?: string } | null;
  at: Instant;
  received_at: Instant;
  late?: boolean;
  reply_to_id?: Id | null;
  version: number;
}

export interface MessagePage {
  items: Message[];
  more: boolean;
}

export interface NewMessage {
  client_id: string;
  mode: Mode;
  parts: Part[];
  and_then?: "resolve" | "snooze";
  snooze_until?: Instant;
}

export interface Draft {
  mode: Mode;
  parts: Part[] | null;
  updated_at?: Instant;
}

export interface Identity {
  id: Id;
  kind: string;
  channel_id: Id;
  name: string;
  blocked: boolean;
}

export interface Contact {
  id: Id;
  name: string;
  email: string;
  phone: string;
  locale: string;
  zone: string;
  external_id: string;
  fields?: Record<string, string> | null;
  created_at: Instant;
  updated_at: Instant;
  version: number;
  identities?: Identity[] | null;
  visitor?: { page_url: string; page_title: string; user_agent: string; seen_at: Instant; locale: string } | null;
}

/** A case in a contact's history. */
export interface Ticket extends TicketState {
  conversation_id: Id;
  channel_id: Id;
  created_at: Instant;
  resolved_at?: Instant | null;
  updated_at?: Instant;
}

export interface ContactNote {
  id: Id;
  text: string;
  author_id: Id;
  author_name?: string;
  created_at: Instant;
  updated_at: Instant;
  version?: number;
}

/** RFC 9457 problem details, with our code and the sentence for people in `detail`. */
export interface ProblemDocument {
  type?: string;
  title?: string;
  status: number;
  code: string;
  detail: string;
  field?: string;
  errors?: { field: string; code: string; detail: string }[];
  params?: Record<string, unknown>;
  request_id?: string;
}
