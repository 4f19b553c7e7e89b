/**
 * The words of the HTTP contract, named as the screens name them. The shapes are generated from the server's OpenAPI
 * document; only what the document keeps open (a word among several) is narrowed here.
 */
import type { components } from "@madoguchi/api";

type Schemas = components["schemas"];

export type Id = number;
/** RFC 3339, UTC, milliseconds. */
export type Instant = string;

export type Board = Schemas["Board"];
export type BoardTeam = Schemas["BoardTeam"];
export type SavedView = Schemas["SavedView"];
export type SavedViewBody = Schemas["SavedViewBody"];
export type ListFilter = Schemas["ListFilter"];
/** How large a saved view is: "12+" with `more`. */
export interface SavedSize {
  id: Id;
  count: number;
  more?: boolean;
  unread: number;
}
export type TeamWait = Schemas["TeamWait"];
export type BoardMember = Schemas["BoardMember"];
export type BoardChannel = Schemas["BoardChannel"];
export type Member = Schemas["Member"];
export type Workspace = Schemas["Workspace"];
export type Team = Schemas["Team"];
export type CustomAvailability = Schemas["CustomAvailability"];
export type Offer = Schemas["Offer"];
export type Tag = Schemas["Tag"];
export type CannedReply = Schemas["CannedReply"];
export type Channel = Omit<Schemas["Channel"], "settings"> & { settings: Record<string, unknown> };
export type Session = Omit<Schemas["Session"], "preferences"> & { preferences: Record<string, unknown> };
export type Counts = Schemas["Counts"];
export type Mark = Schemas["Mark"];
export type Attachment = Schemas["Attachment"];
export type Part = Schemas["Part"];
export type Item = Schemas["Item"];
export type Message = Schemas["Message"];
export type MessagePage = Schemas["MessagePage"];
export type Draft = Schemas["Draft"];
export type Scheduled = Schemas["Scheduled"];
export type Reminder = Schemas["Reminder"];
export type Identity = Schemas["Identity"];
export type Contact = Schemas["Contact"];
export type ContactNote = Schemas["ContactNote"];
export type Ticket = Schemas["Ticket"];
export type Survey = Schemas["Survey"];
export type Found = Schemas["Found"] & { conversations: FoundConversation[] };
export type FoundContact = Schemas["FoundContact"];
export type FoundConversation = Omit<Schemas["FoundConversation"], "row"> & { row: Row };
export type FoundWithin = Omit<Schemas["FoundWithin"], "items"> & { items: Hit[] };
export type LinkPreview = Schemas["LinkPreview"];
export type Hit = Schemas["Hit"];
export type Field = Schemas["Field"];
export type FieldOption = Schemas["FieldOption"];
export type Labels = Schemas["Labels"];
export type HeldMessage = Schemas["HeldMessage"];
export type TimelineEntry = Schemas["Entry"];
export type Export = Schemas["Export"];
export type NewMessage = Schemas["PostMessageBody"] & { client_id: string };
export type ProblemDocument = Schemas["Problem"];

/** One line of the list: a conversation with its latest ticket; read_seq, unread and draft are the viewer's own. */
export type Row = Omit<Schemas["Row"], "preview"> & { preview: { author: AuthorKind; name: string; kind: PartKind; text: string } };
export type TicketState = Row["ticket"];
/** What a bulk action wants of conversations, or what leads back. */
export type BulkEdit = Schemas["BulkEdit"];
export type BulkChange = Schemas["BulkChange"];
/** What became of one conversation of a bulk action. */
export type BulkResult = Omit<Schemas["BulkResult"], "row"> & { row?: Row };

export type Locale = Workspace["locale"];
export type Role = Member["role"];
export type Availability = Member["availability"];
export type Status = TicketState["status"];
export type Priority = TicketState["priority"];
export type AuthorKind = Message["author"]["kind"];
export type PartKind = Part["kind"];
export type MediaKind = Attachment["kind"];
export type MarkKind = Mark["kind"];
export type DeliveryStatus = Message["status"];
export type Mode = Draft["mode"];
export type ViewName = "mine" | "unassigned" | "all" | "waiting" | "replied" | "snoozed" | "resolved" | "team" | "mentions" | "failed" | "blocked";
export type Sort = "activity" | "waiting" | "priority" | "window" | "sla";

export type Capabilities = Omit<Schemas["Capabilities"], "marks" | "media" | "receipts"> & {
  marks: MarkKind[] | null;
  media: { kind: PartKind; mime: string[] | null; max_bytes: number; unsure?: string[]; plays?: string[] }[] | null;
  receipts: DeliveryStatus[] | null;
};
export type Spec = Omit<Schemas["KindLine"], "capabilities"> & { capabilities: Capabilities };
export type Template = Schemas["Template"];
export type ChannelKind = Omit<Schemas["ChannelKind"], "capabilities"> & { capabilities: Capabilities };

/** A page of a list; `next` is "" at the end. */
export interface Page<T> {
  items: T[];
  next: string;
}
