import type { Board, Channel, Contact, Counts, Field, Id, Member, Message, Mode, Offer, Row, SavedSize, Tag, Team } from "../api/types.ts";

/** News from the server, hydrated with the current records. */
export interface Patch {
  type: "patch";
  seq: number;
  kind: string;
  /** What it is about, where that is none of the records below (or was deleted). */
  subject_id?: Id;
  conversation?: Row;
  message?: Message;
  contact?: Contact;
  member?: Member;
  team?: Team;
  tag?: Tag;
  channel?: Channel;
  field?: Field;
  read?: { conversation_id: Id; user_id: Id; seq: number };
  seen?: { conversation_id: Id; seq: number };
  draft?: { conversation_id: Id; mode: Mode };
  counts?: Counts;
  offer?: Offer;
}

/** Who looks at a conversation right now; a hint that runs out after 12 s. */
export interface Viewing {
  type: "viewing";
  conversation_id: Id;
  /** `monitors`: a supervisor who watches somebody else's work. */
  who: { user_id: Id; typing: boolean; mode?: Mode; monitors?: boolean }[];
  customer_typing: boolean;
}

/** What the server says on the live socket. */
export type ServerFrame = { type: "ready"; seq: number } | { type: "reset"; seq: number } | Patch | Viewing | { type: "board"; board: Board } | { type: "saved"; sizes: SavedSize[] } | { type: "beat" } | { type: "bye"; code: "signed_out" | "shutdown" };

/** What we say. */
export type ClientFrame =
  | { type: "hello"; seq: number }
  | { type: "view"; conversation_id: Id; typing: boolean; mode: Mode }
  | { type: "beat"; idle: boolean }
  | { type: "board"; open: boolean }
  | { type: "views"; views: Id[]; zone: string };
