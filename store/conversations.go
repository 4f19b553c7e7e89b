package store

import (
	"time"

	"madoguchi/desk"
)

// ContactReader reads contacts, identities and notes.
type ContactReader interface {
	Get(id desk.ID) (desk.Contact, error)
	Many(ids []desk.ID) (map[desk.ID]desk.Contact, error)
	ByExternalID(externalID string) (desk.Contact, error)
	List(q ContactQuery) ([]desk.Contact, string, error) // the string is the next page's cursor, "" at the end
	Identity(id desk.ID) (desk.Identity, error)
	IdentityByKey(kind, scope, externalID string) (desk.Identity, error)
	// IdentityElsewhere finds somebody by their id on any channel of a kind, whatever its scope; the newest if several were.
	IdentityElsewhere(kind, externalID string) (desk.Identity, error)
	// IdentityByAlias finds who is also known by another id there, the newest if several were.
	IdentityByAlias(kind, scope, alias string) (desk.Identity, error)
	Identities(contact desk.ID) ([]desk.Identity, error)
	// IdentitiesOf reads the identities of many contacts, by contact; one without any is not in the map.
	IdentitiesOf(contacts []desk.ID) (map[desk.ID][]desk.Identity, error)
	Notes(contact desk.ID) ([]desk.ContactNote, error) // newest first
	Note(id desk.ID) (desk.ContactNote, error)
	// WithOpenCase says which of the contacts have an unresolved ticket.
	WithOpenCase(ids []desk.ID) (map[desk.ID]bool, error)
	// Events are what happened to a contact's record and identities, newest first, below a position of the log (0 = all).
	Events(contact desk.ID, before int64, limit int) ([]desk.Event, error)
	// Held is a message of a blocked person, HeldOf… those of an identity or contact, newest first (F12).
	Held(id desk.ID) (desk.HeldMessage, error)
	HeldOfIdentity(identity desk.ID, limit int) ([]desk.HeldMessage, error)
	HeldOfContact(contact desk.ID, limit int) ([]desk.HeldMessage, error)
	// Walk reads contacts by id, all of them in the end, whoever writes meanwhile.
	Walk(after desk.ID, limit int) ([]desk.Contact, error)
	Count() (int64, error)
}

// ContactSort orders a list of contacts.
type ContactSort string

// The sorts.
const (
	ContactsNewest ContactSort = "newest" // latest made first (default)
	ContactsByName ContactSort = "name"   // by the folded name's code points, those without one last; not with Text or Blocked, which go newest first
)

// ContactQuery is one list of contacts: filters (AND between kinds, OR inside one) and a sort. A page may be short and
// still have a next one.
type ContactQuery struct {
	Text     string // substring of name, e-mail or phone, case folded
	Channels []desk.ID
	Blocked  bool // with a blocked identity
	Open     bool // with an unresolved ticket
	Sort     ContactSort
	Page     Page
}

// ContactWriter changes contacts, identities and notes.
type ContactWriter interface {
	// Put replaces a contact; with Version > 1 only if the stored one is Version-1, else "edited_meanwhile" (conflict).
	Put(desk.Contact) error
	PutIdentity(desk.Identity) error                     // "identity_taken" (conflict) when its key is another's (F3)
	SetStanding(identity desk.ID, s desk.Standing) error // the rest of the identity stays; its conversation's ReplyUntil follows
	MoveIdentity(id, contact desk.ID) error              // also moves its conversations and their tickets
	PutNote(desk.ContactNote) error
	DeleteNote(id desk.ID) error
	Delete(id desk.ID) error         // with notes, held messages and what the log said of its values; "contact_in_use" (conflict) while it has identities
	PutHeld(desk.HeldMessage) error  // once
	DeleteIdentity(id desk.ID) error // with its visitors; "identity_in_use" (conflict) while it has a conversation
}

// VisitorReader reads web chat visitors.
type VisitorReader interface {
	Get(id desk.ID) (desk.Visitor, error)
	ByToken(hash string) (workspace desk.ID, v desk.Visitor, err error) // across workspaces
	ByContact(contact desk.ID) ([]desk.Visitor, error)
	// Standings tell how it stands with visitors, a statement per fifty; who is not there is not in the map.
	Standings(ids []desk.ID) (map[desk.ID]VisitorStanding, error)
}

// VisitorStanding is what decides whether a visitor is served.
type VisitorStanding struct {
	IdentityID desk.ID           // 0 until the first message or identify
	EndedAt    time.Time         // logged out, zero unless
	BlockedAt  time.Time         // of the identity, zero unless (F12)
	Channel    desk.ChannelState // closed ones serve nobody (H2)
}

// VisitorWriter changes visitors.
type VisitorWriter interface {
	Put(desk.Visitor) error
	Touch(id desk.ID, at time.Time, url, title string) error
}

// ConversationReader reads conversations, the list's rows.
type ConversationReader interface {
	Get(id desk.ID) (desk.Conversation, error)
	Many(ids []desk.ID) (map[desk.ID]desk.Conversation, error)
	ByIdentity(identity desk.ID) (desk.Conversation, error)
	OfContact(contact desk.ID) ([]desk.Conversation, error) // newest activity first
	// Walk reads conversations by id, all of them in the end, whoever writes meanwhile.
	Walk(after desk.ID, limit int) ([]desk.Conversation, error)
	List(q ConversationQuery) (rows []desk.Conversation, next string, err error)
	// Counts are the sizes of the views for one member, from maintained counters.
	Counts(user desk.ID, teams []desk.ID) (ViewCounts, error)
	// CountsWithin are the sizes of what a member with a scope sees (J2), counted over the newest of each of their queues:
	// at most 500 of each.
	CountsWithin(user desk.ID, teams []desk.ID, scope desk.Scope) (ViewCounts, error)
	// CountsOf are CountsWithin of several members, in their order: what is the same for them is read once, and what is each
	// one's own together.
	CountsOf(members []Sight) ([]ViewCounts, error)
	// Shares count what is queued and what is open, the same however much is resolved: for the board.
	Shares() ([]desk.Share, error)
	// PromiseShares count the cases whose SLA is at risk or breached, for the board too.
	PromiseShares() ([]desk.PromiseShare, error)
	Reads(user desk.ID, conversations []desk.ID) (map[desk.ID]desk.Read, error)
	ReadsOf(conversation desk.ID) ([]desk.Read, error)
	CustomerRead(conversation desk.ID) (desk.CustomerRead, error) // zero if none
	// Unread counts the customer's messages above the member's Read in each conversation, at most 100 each; those with
	// none are absent. Whether they are news to the member (G2.7), desk.Conversation.Concerns says. One statement, however many conversations.
	Unread(user desk.ID, conversations []desk.ID) (map[desk.ID]int, error)
	// InboundSeqs are the Seqs of the customer's newest messages, newest first: what a live patch counts unread with.
	InboundSeqs(conversation desk.ID, limit int) ([]int64, error)
}

// ConversationSort orders a list (G1.5).
type ConversationSort string

// The sorts.
const (
	SortActivity ConversationSort = "activity" // latest first (default)
	SortWaiting  ConversationSort = "waiting"  // oldest WaitSince first, those who do not wait last
	SortPriority ConversationSort = "priority" // highest first, then oldest WaitSince, then latest activity
	// SortWindow has the window that closes next first (C2.3), then the closed ones, the last closed first, then by latest
	// activity what has no window. What "now" is, the first page decides for those after it.
	SortWindow ConversationSort = "window"
	// SortSLA has what runs out, or ran out, first on top (SLASummary.Due), then by latest activity what no clock runs for.
	SortSLA ConversationSort = "sla"
)

// ConversationQuery is one list of the inbox: a view, its filters and a sort.
type ConversationQuery struct {
	desk.ListFilter
	User desk.ID // whose "mine", "mentions" and "unread"
	Sort ConversationSort
	Page Page

	Scope     desk.Scope // what User sees (J2); "" = all
	UserTeams []desk.ID  // User's: Scope and "unread" depend on them
}

// Sight is what a member sees (J2), by which views are counted for them.
type Sight struct {
	User  desk.ID
	Teams []desk.ID
	Scope desk.Scope // "" = all
}

// ViewCounts are the sizes of the views.
type ViewCounts struct {
	Mine, Unassigned, All, Waiting, Replied, Snoozed, Resolved int64
	Mentions, Failed, Blocked                                  int64             // at most 100; Mentions: unresolved ones
	Teams                                                      map[desk.ID]int64 // unresolved, of the member's own teams and of those that have any
	ViewsUnread
}

// ViewsUnread are in each view those with news for the member (G1.7, G2.7), at most 100. What is resolved is no news.
type ViewsUnread struct {
	Unread                                       int64 // conversations in all, each once
	MineUnread, UnassignedUnread, MentionsUnread int64
	WaitingUnread, RepliedUnread, SnoozedUnread  int64
	FailedUnread, BlockedUnread                  int64
	TeamsUnread                                  map[desk.ID]int64 // of teams that have any
}

// ConversationWriter changes conversations and who read them.
type ConversationWriter interface {
	Put(desk.Conversation) error             // keeps the counters and tag rows in step
	PutRead(desk.Read) error                 // may go back: 未読にする (G2.7)
	PutCustomerRead(desk.CustomerRead) error // only forward
	// Lock holds the conversation's row until the end of the transaction and returns its state: two writers of one
	// conversation go one after the other.
	Lock(id desk.ID) (desk.Conversation, error)
	// Delete erases a conversation with all that hangs on it: tickets, messages, attachments, reads, drafts, promises.
	// Its blobs become orphans, its events stay. What is not there is no error.
	Delete(id desk.ID) error
}

// TicketReader reads tickets.
type TicketReader interface {
	Get(id desk.ID) (desk.Ticket, error)
	Many(ids []desk.ID) (map[desk.ID]desk.Ticket, error)
	ByNumber(n int64) (desk.Ticket, error)
	OfConversation(conversation desk.ID) ([]desk.Ticket, error)   // newest first
	OfContact(contact desk.ID) ([]desk.Ticket, error)             // newest first
	UnresolvedOf(assignee desk.ID) ([]desk.Ticket, error)         // E16
	Sleeping(before time.Time, limit int) ([]desk.Ticket, error)  // snoozed until before
	Made(before, since desk.ID, limit int) ([]desk.Ticket, error) // whose id is from since to under before, newest first
	// Unresolved and Resolved walk over all of them, past a place: by conversation, and by when they were resolved.
	Unresolved(after desk.TicketPlace, limit int) ([]desk.Ticket, error)
	Resolved(after desk.TicketPlace, limit int) ([]desk.Ticket, error)
	// Changes are the events after a position that changed a ticket, newest first.
	Changes(ticket desk.ID, after int64, limit int) ([]desk.Event, error)
	// Loads are what everybody has who has any ticket that takes a slot, by member, at the transaction's instant (E7).
	Loads() (map[desk.ID]desk.Load, error)
}

// TicketWriter changes tickets.
type TicketWriter interface {
	Put(desk.Ticket) error   // "unresolved_ticket_exists" (conflict) for a second unresolved one of a conversation (0.1)
	Delete(id desk.ID) error // with its messages, their files and promises; the conversation is the caller's to mend
}

// MessageReader reads messages and attachments.
type MessageReader interface {
	Get(id desk.ID) (desk.Message, error)
	Many(ids []desk.ID) ([]desk.Message, error)
	ByClientID(conversation desk.ID, author desk.AuthorKind, authorID desk.ID, clientID string) (desk.Message, error)
	FirstInbound(ticket desk.ID) (desk.Message, error) // what the customer began the case with
	First(ticket desk.ID) (desk.Message, error)        // where the case begins in its thread, whoever began it
	// Before reads the messages with Seq < before (0 = from the end), newest first; After those with Seq > after, oldest first.
	Before(conversation desk.ID, before int64, limit int) ([]desk.Message, error)
	After(conversation desk.ID, after int64, limit int) ([]desk.Message, error)
	// ByExternalID finds a message by the provider's id: the customer's, or ours by one of its deliveries'.
	ByExternalID(conversation desk.ID, external desk.ExternalID) (desk.Message, error)
	// Delivery and DeliveryByExternalID find one piece of a message of ours; an empty external id is never found.
	Delivery(id desk.ID) (desk.Delivery, error)
	DeliveryByExternalID(channel desk.ID, external desk.ExternalID) (desk.Delivery, error)
	// DeliveriesOf are the pieces of a message of ours, in order.
	DeliveriesOf(message desk.ID) ([]desk.Delivery, error)
	// Head is the oldest piece of a conversation that has not ended; only it can be on its way. KindNotFound if all have.
	Head(conversation desk.ID) (desk.Delivery, error)
	// SpokenOutside reports whether a ticket has something that was said before or after a stretch of Seqs.
	SpokenOutside(ticket desk.ID, fromSeq, toSeq int64) (bool, error)
	Attachment(id desk.ID) (desk.Attachment, error)
	AttachmentsOf(contact desk.ID, q AttachmentQuery) ([]desk.Attachment, string, error) // newest first
	AttachmentKeys(after string, limit int) ([]string, error)                            // every blob key in use, for the orphan sweep
}

// AttachmentQuery narrows the gallery.
type AttachmentQuery struct {
	Kinds        []desk.PartKind
	Since, Until time.Time // when they came: at or after, before; zero = any time
	Page         Page
}

// MessageWriter changes messages and attachments.
type MessageWriter interface {
	// Add appends: it draws Seq under the conversation's lock and fills Seq and Version; it does not touch the conversation.
	Add(*desk.Message) error
	// Update replaces everything but whose it is, its place and its times; Version climbs by one.
	Update(*desk.Message) error
	// SettleDelivery writes what a receipt or an echo said of a piece whose attempt has ended (sent, unknown, failed or
	// better): status, external id, fault and price; the message climbs with it. One that awaits proof ends with it, and its
	// lane goes on. One still under way is left as it is.
	SettleDelivery(d desk.Delivery) error
	// Refile files messages under another ticket; their versions climb.
	Refile(Refiling) error
	PutAttachment(desk.Attachment) error
	DeleteAttachmentsOf(message desk.ID) error                  // their blobs become orphans
	DeleteUnsentAttachments(before time.Time) ([]string, error) // uploads never sent; returns their blob keys
}

// Refiling names messages of a ticket that are filed under another: all, or with Conversation those of a stretch of its thread.
type Refiling struct {
	From, To       desk.ID // tickets
	Conversation   desk.ID // 0 = every message of From
	FromSeq, ToSeq int64   // both included
}

// DraftReader reads drafts.
type DraftReader interface {
	Of(user desk.ID, conversation desk.ID) ([]desk.Draft, error)
	All(user desk.ID) ([]desk.Draft, error)
}

// DraftWriter changes drafts; an empty body deletes.
type DraftWriter interface {
	Put(desk.Draft) error
}

// CursorReader reads where a reactor stands in the event log.
type CursorReader interface {
	Position(reactor string) (int64, error) // 0 at the beginning
}

// CursorWriter moves a reactor on.
type CursorWriter interface {
	// Hold locks a position until the transaction's end and reads it: reactors of several nodes take turns.
	Hold(reactor string) (int64, error)
	SetPosition(reactor string, seq int64) error
}
