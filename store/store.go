package store

import (
	"context"
	"time"

	"madoguchi/desk"
)

// Store is the whole of durable state.
type Store interface {
	// View runs fn on a consistent snapshot of one workspace. fn does no I/O of its own.
	View(ctx context.Context, workspace desk.ID, fn func(Reader) error) error

	// Update runs fn in one durable transaction of one workspace and returns after the commit reached the disk.
	//
	// fn does no I/O of its own, opens no other transaction, and may run more than once (a conflict, a batch that had
	// to be replayed), so it must only read through its Tx and assign its results. An error from fn rolls its own
	// writes back and comes back unwrapped. Its panic fails only its own caller. A context that ends after the work was
	// queued gives a desk.KindUncertain error, never a plain failure. A conflict with a unique index (the "…_taken" and
	// "…_exists" codes) ends the transaction, whether the call reports it or Update itself, and whatever fn makes of it.
	//
	// Where Update returns such a desk.KindUncertain error, fn may still be running: a caller looks at what fn assigned
	// only once it knows that the error is nil, and assigns nothing that fn reads. Result does that for one value; a test
	// at the root finds who does otherwise. (View waits for its fn, whatever happens.)
	//
	// Workspace 0 is the server itself: only Installation, Accounts and Workspaces may be used.
	Update(ctx context.Context, workspace desk.ID, fn func(Tx) error) error

	// Events reads the log after a position, oldest first, at most limit; a reader that goes on from the last Seq it
	// got misses nothing and sees nothing twice, whoever writes meanwhile.
	Events(ctx context.Context, workspace desk.ID, after int64, limit int) ([]desk.Event, error)

	// Head is the position of the newest event of a workspace, 0 if none.
	Head(ctx context.Context, workspace desk.ID) (int64, error)

	Queue() Queue

	// Ready reports whether the store can serve, nil if so.
	Ready(ctx context.Context) error
	Close() error
}

// Reader reads one workspace inside a View or Update.
type Reader interface {
	Installation() InstallationReader
	Workspaces() WorkspaceReader
	Accounts() AccountReader
	Members() MemberReader
	Teams() TeamReader
	Tags() TagReader
	Canned() CannedReader
	SavedViews() SavedViewReader
	Templates() TemplateReader
	Notifications() NotificationReader
	Schedules() ScheduleReader
	Channels() ChannelReader
	Contacts() ContactReader
	Visitors() VisitorReader
	Conversations() ConversationReader
	Tickets() TicketReader
	Messages() MessageReader
	Drafts() DraftReader
	Cursors() CursorReader
	Search() SearchReader
	Audit() AuditReader
	Demo() DemoReader
	Fields() FieldReader
	Exports() ExportReader
	Raw() RawReader
	Fetches() FetchReader
	Surveys() SurveyReader
	Pushes() PushReader
	Mails() MailReader
	Routing() RoutingReader
	Waits() WaitReader
	SLA() SLAReader
	RoutingRules() RoutingRuleReader
	Scheduled() ScheduledReader
	Reminders() ReminderReader
	LinkPreviews() LinkPreviewReader
	Macros() MacroReader
	Triggers() TriggerReader
	WebhookCalls() WebhookCallReader
}

// Tx reads and writes one workspace inside an Update.
type Tx interface {
	Reader

	// NewID draws a new id. A replayed closure draws again.
	NewID() desk.ID
	// Now is the instant of this transaction, the same throughout, UTC, whole milliseconds.
	Now() time.Time

	// Seen records a dedupe key and reports the record id stored with it if the key was there before: (0, false) the
	// first time. Kept at least 8 days. The unique index behind it is what makes a retry harmless.
	Seen(scope, key string, id desk.ID) (desk.ID, bool, error)
	// Enqueue promises to send; the lane's sequence is drawn under the lane's lock. It fills Seq.
	Enqueue(d *desk.Delivery) error
	// Emit appends to the event log at commit. Seq is given by the store.
	Emit(e desk.Event)

	WriteInstallation() InstallationWriter
	WriteWorkspaces() WorkspaceWriter
	WriteAccounts() AccountWriter
	WriteMembers() MemberWriter
	WriteTeams() TeamWriter
	WriteTags() TagWriter
	WriteCanned() CannedWriter
	WriteSavedViews() SavedViewWriter
	WriteTemplates() TemplateWriter
	WriteNotifications() NotificationWriter
	WriteSchedules() ScheduleWriter
	WriteChannels() ChannelWriter
	WriteContacts() ContactWriter
	WriteVisitors() VisitorWriter
	WriteConversations() ConversationWriter
	WriteTickets() TicketWriter
	WriteMessages() MessageWriter
	WriteDrafts() DraftWriter
	WriteCursors() CursorWriter
	WriteSearch() SearchWriter
	WriteAudit() AuditWriter
	WriteDemo() DemoWriter
	WriteFields() FieldWriter
	WriteExports() ExportWriter
	WriteRaw() RawWriter
	WriteFetches() FetchWriter
	WriteSurveys() SurveyWriter
	WritePushes() PushWriter
	WriteMails() MailWriter
	WriteRouting() RoutingWriter
	WriteWaits() WaitWriter
	WriteSLA() SLAWriter
	WriteRoutingRules() RoutingRuleWriter
	WriteScheduled() ScheduledWriter
	WriteReminders() ReminderWriter
	WriteLinkPreviews() LinkPreviewWriter
	WriteMacros() MacroWriter
	WriteTriggers() TriggerWriter
	WriteWebhookCalls() WebhookCallWriter
}

// Page asks for one page of a list: After is the Cursor of the page before, "" for the first.
type Page struct {
	After string
	Limit int // 1..200, 0 = 50
}

// Queue is the outbox: durable deliveries in lanes (a lane is a conversation).
type Queue interface {
	// Lease hands out due deliveries, at most one per lane and limit in all, each for the given time. A delivery whose
	// lease ended without Settle is handed out again, Attempts telling so.
	Lease(ctx context.Context, worker string, limit int, lease time.Duration) ([]Leased, error)
	// Settle ends a lease: the delivery's new state, its message's state and the events of it, in one transaction.
	// ErrLeaseLost (desk.KindConflict, "lease_lost") if the lease is not ours any more.
	Settle(ctx context.Context, l Leased, o Outcome) error
	// MarkSending notes durably, before the request leaves, that bytes may reach the provider: a crash after it leaves
	// the delivery ambiguous, not merely queued. last looks once more, in the same transaction and under the conversation's
	// lock; its refusal comes back, and nothing has happened then. nil = there is nothing to look at.
	MarkSending(ctx context.Context, l Leased, last func(Tx) error) error
	// Pause holds back a channel's deliveries until an instant; zero time resumes. One that expires meanwhile is handed
	// out then, so that it fails on time (G7.7).
	Pause(ctx context.Context, workspace, channel desk.ID, until time.Time) error
	// NextDue is when Lease may next have something to hand out: a delivery's time, the end of its channel's pause, or the
	// end of a lease. Zero if nothing is promised.
	NextDue(ctx context.Context) (time.Time, error)
}

// Leased is a delivery in hand.
type Leased struct {
	WorkspaceID desk.ID
	Delivery    desk.Delivery
	Token       string // proves the lease
	Until       time.Time
}

// Outcome is how an attempt ended.
type Outcome struct {
	// Status is sent, failed or unknown; queued = try again at NotBefore; or sending = it is not known how it went, and until
	// NotBefore SettleDelivery may tell: the lane waits.
	Status     desk.DeliveryStatus
	NotBefore  time.Time
	ExternalID desk.ExternalID
	Fault      *desk.MessageFault
	Held       bool      // with queued: nothing was tried, the attempt does not count
	PauseUntil time.Time // also pause the channel until then, if it is not for longer; zero = no
	// Also is done in the same transaction, under the conversation's lock, after the rest; nil = nothing.
	Also func(Tx) error
}
