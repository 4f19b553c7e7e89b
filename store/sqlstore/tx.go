package sqlstore

import (
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// runner runs statements inside one transaction. The function given to query runs no statement of its own.
type runner interface {
	exec(sql string, args []any) (rows int64, err error)
	// later runs a write whose result nobody waits for: at once, or together with the next statement.
	later(sql string, args []any) error
	query(sql string, args []any, each func(row) error) error
	// hold waits until no other update that commits together with this one works on a conversation.
	hold(workspace, conversation desk.ID) error
}

// tx is one View or Update of one workspace.
type tx struct {
	store     *Store
	run       runner
	workspace desk.ID
	at        time.Time

	failed   error // a statement failed: the transaction is over, whatever fn makes of it
	wrote    bool
	events   []desk.Event
	sizes    map[counter]int64 // by how much the views' counters change at commit
	threads  map[desk.ID]*thread
	drawnIDs []desk.ID
	outgoing bool // promises were made
}

func newTx(s *Store, run runner, workspace desk.ID) *tx {
	return &tx{store: s, run: run, workspace: workspace, at: s.now()}
}

// finished runs the work of one update and keeps the Seqs it drew; counters and events follow at the commit (end).
func (t *tx) finished(fn func(*tx) error) error {
	if err := fn(t); err != nil {
		return err
	}
	if t.failed != nil {
		return t.failed
	}
	return t.writeDrawnSeqs()
}

func (t *tx) fail(err error) error {
	if err != nil && t.failed == nil {
		t.failed = t.store.dialect.translate(err)
	}
	return t.failed
}

func (t *tx) bound(args []any) ([]any, error) {
	if t.failed != nil {
		return nil, t.failed
	}
	args, err := bind(args)
	return args, t.fail(err)
}

// exec runs a write and says how many rows it touched.
func (t *tx) exec(sql string, args ...any) (int64, error) {
	args, err := t.bound(args)
	if err != nil {
		return 0, err
	}
	t.wrote = true
	n, err := t.run.exec(sql, args)
	return n, t.fail(err)
}

// write runs a write whose outcome shows at the latest when the transaction ends.
func (t *tx) write(sql string, args ...any) error {
	args, err := t.bound(args)
	if err != nil {
		return err
	}
	t.wrote = true
	return t.fail(t.run.later(sql, args))
}

// each calls fn for every row.
func (t *tx) each(sql string, args []any, fn func(row) error) error {
	args, err := t.bound(args)
	if err != nil {
		return err
	}
	return t.fail(t.run.query(sql, args, fn))
}

// value reads one row into dest and reports whether there was one.
func (t *tx) value(sql string, args []any, dest ...any) (found bool, err error) {
	err = t.each(sql, args, func(r row) error {
		found = true
		return scan(r, dest...)
	})
	return found, err
}

// drawn is value for a statement that writes (RETURNING).
func (t *tx) drawn(sql string, args []any, dest ...any) (bool, error) {
	t.wrote = true
	return t.value(sql, args, dest...)
}

// get reads one record; what names it when it is not there.
func get[T any](t *tx, what string, read func(row, *T) error, sql string, args ...any) (T, error) {
	var v T
	found := false
	err := t.each(sql, args, func(r row) error {
		found = true
		return read(r, &v)
	})
	if err == nil && !found {
		err = desk.NotFound(what)
	}
	if err != nil {
		var none T
		return none, err
	}
	return v, nil
}

// list reads every row; never nil.
func list[T any](t *tx, read func(row, *T) error, sql string, args ...any) ([]T, error) {
	all := []T{}
	err := t.each(sql, args, func(r row) error {
		var v T
		if err := read(r, &v); err != nil {
			return err
		}
		all = append(all, v)
		return nil
	})
	return all, err
}

func readID(r row, id *desk.ID) error { return scan(r, id) }

// NewID draws a new id.
func (t *tx) NewID() desk.ID {
	id := t.store.slot.ids().Next()
	t.drawnIDs = append(t.drawnIDs, id)
	return id
}

// fresh reports an id that this transaction drew: no other has a record of it.
func (t *tx) fresh(id desk.ID) bool {
	for i := len(t.drawnIDs) - 1; i >= 0; i-- {
		if t.drawnIDs[i] == id {
			return true
		}
	}
	return false
}

// Now is the instant of this transaction.
func (t *tx) Now() time.Time { return t.at }

// Emit appends to the event log at commit.
func (t *tx) Emit(e desk.Event) {
	t.wrote = true
	t.events = append(t.events, e)
}

const (
	sqlSeenInsert = `INSERT INTO seen (workspace_id, scope, dedupe_key, record_id, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, scope, dedupe_key) DO NOTHING`
	sqlSeenGet = `SELECT record_id FROM seen WHERE workspace_id = $1 AND scope = $2 AND dedupe_key = $3`
)

// Seen records a dedupe key, or says which record it stood for before.
func (t *tx) Seen(scope, key string, id desk.ID) (desk.ID, bool, error) {
	n, err := t.exec(sqlSeenInsert, t.workspace, scope, key, id, t.at)
	if err != nil || n == 1 {
		return 0, false, err
	}
	var before desk.ID
	found, err := t.value(sqlSeenGet, []any{t.workspace, scope, key}, &before)
	return before, found, err
}

func (t *tx) Installation() store.InstallationReader       { return installation{t} }
func (t *tx) Workspaces() store.WorkspaceReader            { return workspaces{t} }
func (t *tx) Accounts() store.AccountReader                { return accounts{t} }
func (t *tx) Members() store.MemberReader                  { return members{t} }
func (t *tx) Teams() store.TeamReader                      { return teams{t} }
func (t *tx) Canned() store.CannedReader                   { return canned{t} }
func (t *tx) SavedViews() store.SavedViewReader            { return savedViews{t} }
func (t *tx) Templates() store.TemplateReader              { return templates{t} }
func (t *tx) WriteTemplates() store.TemplateWriter         { return templates{t} }
func (t *tx) Notifications() store.NotificationReader      { return notifications{t} }
func (t *tx) WriteNotifications() store.NotificationWriter { return notifications{t} }
func (t *tx) WriteCanned() store.CannedWriter              { return canned{t} }
func (t *tx) WriteSavedViews() store.SavedViewWriter       { return savedViews{t} }
func (t *tx) Tags() store.TagReader                        { return tags{t} }
func (t *tx) Schedules() store.ScheduleReader              { return schedules{t} }
func (t *tx) Channels() store.ChannelReader                { return channels{t} }
func (t *tx) Contacts() store.ContactReader                { return contacts{t} }
func (t *tx) Visitors() store.VisitorReader                { return visitors{t} }
func (t *tx) Conversations() store.ConversationReader      { return conversations{t} }
func (t *tx) Tickets() store.TicketReader                  { return tickets{t} }
func (t *tx) Messages() store.MessageReader                { return messages{t} }
func (t *tx) Drafts() store.DraftReader                    { return drafts{t} }
func (t *tx) Cursors() store.CursorReader                  { return cursors{t} }
func (t *tx) Fields() store.FieldReader                    { return fields{t} }
func (t *tx) Exports() store.ExportReader                  { return exports{t} }
func (t *tx) WriteFields() store.FieldWriter               { return fields{t} }
func (t *tx) WriteExports() store.ExportWriter             { return exports{t} }
func (t *tx) Raw() store.RawReader                         { return raws{t} }
func (t *tx) WriteRaw() store.RawWriter                    { return raws{t} }
func (t *tx) Fetches() store.FetchReader                   { return fetches{t} }
func (t *tx) WriteFetches() store.FetchWriter              { return fetches{t} }
func (t *tx) Surveys() store.SurveyReader                  { return surveys{t} }
func (t *tx) Routing() store.RoutingReader                 { return routing{t} }
func (t *tx) WriteRouting() store.RoutingWriter            { return routing{t} }
func (t *tx) Waits() store.WaitReader                      { return waits{t} }
func (t *tx) WriteWaits() store.WaitWriter                 { return waits{t} }
func (t *tx) WriteSurveys() store.SurveyWriter             { return surveys{t} }
func (t *tx) SLA() store.SLAReader                         { return sla{t} }
func (t *tx) WriteSLA() store.SLAWriter                    { return sla{t} }
func (t *tx) RoutingRules() store.RoutingRuleReader        { return routingRules{t} }
func (t *tx) WriteRoutingRules() store.RoutingRuleWriter   { return routingRules{t} }
func (t *tx) Scheduled() store.ScheduledReader             { return scheduled{t} }
func (t *tx) WriteScheduled() store.ScheduledWriter        { return scheduled{t} }
func (t *tx) Reminders() store.ReminderReader              { return reminders{t} }
func (t *tx) WriteReminders() store.ReminderWriter         { return reminders{t} }
func (t *tx) LinkPreviews() store.LinkPreviewReader        { return linkPreviews{t} }
func (t *tx) WriteLinkPreviews() store.LinkPreviewWriter   { return linkPreviews{t} }
func (t *tx) Macros() store.MacroReader                    { return macros{t} }
func (t *tx) WriteMacros() store.MacroWriter               { return macros{t} }
func (t *tx) Triggers() store.TriggerReader                { return triggers{t} }
func (t *tx) WriteTriggers() store.TriggerWriter           { return triggers{t} }
func (t *tx) WebhookCalls() store.WebhookCallReader        { return webhookCalls{t} }
func (t *tx) WriteWebhookCalls() store.WebhookCallWriter   { return webhookCalls{t} }
func (t *tx) Search() store.SearchReader                   { return searches{t} }
func (t *tx) Audit() store.AuditReader                     { return audits{t} }
func (t *tx) Demo() store.DemoReader                       { return demos{t} }
func (t *tx) WriteInstallation() store.InstallationWriter  { return installation{t} }
func (t *tx) WriteWorkspaces() store.WorkspaceWriter       { return workspaces{t} }
func (t *tx) WriteAccounts() store.AccountWriter           { return accounts{t} }
func (t *tx) WriteMembers() store.MemberWriter             { return members{t} }
func (t *tx) WriteTeams() store.TeamWriter                 { return teams{t} }
func (t *tx) WriteTags() store.TagWriter                   { return tags{t} }
func (t *tx) WriteSchedules() store.ScheduleWriter         { return schedules{t} }
func (t *tx) WriteChannels() store.ChannelWriter           { return channels{t} }
func (t *tx) WriteContacts() store.ContactWriter           { return contacts{t} }
func (t *tx) WriteVisitors() store.VisitorWriter           { return visitors{t} }
func (t *tx) WriteConversations() store.ConversationWriter { return conversations{t} }
func (t *tx) WriteTickets() store.TicketWriter             { return tickets{t} }
func (t *tx) WriteMessages() store.MessageWriter           { return messages{t} }
func (t *tx) WriteDrafts() store.DraftWriter               { return drafts{t} }
func (t *tx) WriteCursors() store.CursorWriter             { return cursors{t} }
func (t *tx) WriteSearch() store.SearchWriter              { return searches{t} }
func (t *tx) WriteAudit() store.AuditWriter                { return audits{t} }
func (t *tx) WriteDemo() store.DemoWriter                  { return demos{t} }
