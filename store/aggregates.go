package store

import (
	"time"

	"madoguchi/desk"
)

// Here and in conversations.go every reader's Get-like method answers desk.KindNotFound when the record is not in this workspace,
// and every writer's Put inserts or replaces the whole record by id.

// WorkspaceReader reads workspaces and brands.
type WorkspaceReader interface {
	Current() (desk.Workspace, error)
	All() ([]desk.Workspace, error) // workspace 0 only
	Brands() ([]desk.Brand, error)
	Brand(id desk.ID) (desk.Brand, error)
}

// WorkspaceWriter changes workspaces and brands.
type WorkspaceWriter interface {
	Put(desk.Workspace) error // workspace 0 may create
	// Lock lets updates that look before they write take turns until the transaction's end, also with those that commit
	// together with this one, to which a row's lock is open. A workspace that is being made is locked by its Put besides.
	Lock() error
	PutBrand(desk.Brand) error
	DeleteBrand(id desk.ID) error                     // the caller has looked after its channels
	NextTicketNumber() (int64, error)                 // draws the next number under the workspace's lock, without gaps on commit
	NextTicketNumbers(n int) (first int64, err error) // draws n at once: first, first+1 …
	// NextTicketOfCustomer is NextTicketNumber that also tells, in the same statement, whether routing rules are in force.
	NextTicketOfCustomer() (number int64, routed bool, err error)
}

// Fact names something that holds for all nodes on a database.
type Fact string

// The facts.
const (
	FactInstallation Fact = "installation"    // a random name of these nodes together
	FactKey          Fact = "key_fingerprint" // of the key that seals
	FactFiles        Fact = "files_mark"      // blob.Store.Mark of where the files lie
	FactPush         Fact = "push_identity"   // the key pair that browsers subscribe to, sealed for PushPlace, base64
	FactMailFault    Fact = "mail_fault"      // what keeps mails from going out, as package mail writes it; "" = nothing
)

// InstallationReader reads what all nodes on a database share. Workspace 0 only.
type InstallationReader interface {
	Fact(Fact) (string, error) // "" when it was never settled
}

// InstallationWriter changes what all nodes on a database share. Workspace 0 only.
type InstallationWriter interface {
	// Settle writes a fact down unless it is there already, and says what it is now.
	Settle(f Fact, value string) (string, error)
	Replace(f Fact, value string) error
	// TakeDuty takes something that one node at a time does, until an instant; false while it is taken, by whomever.
	TakeDuty(name, holder string, until time.Time) (bool, error)
}

// AccountReader finds people and credentials across workspaces; callers decide what may be shown.
type AccountReader interface {
	User(id desk.ID) (desk.User, error)
	UserByEmail(email string) (desk.User, error) // compared in lower case
	Session(tokenHash string) (desk.Session, error)
	SessionsOf(user desk.ID) ([]desk.Session, error)
	// SessionsOfMany reads the unexpired sessions of many users, by token hash: a statement per fifty.
	SessionsOfMany(users []desk.ID) (map[string]desk.Session, error)
	APIKey(hash string) (workspace desk.ID, k desk.APIKey, err error)
	APIKeys() ([]desk.APIKey, error) // of the current workspace
	Invite(tokenHash string) (workspace desk.ID, i desk.Invite, err error)
	Invites() ([]desk.Invite, error) // of the current workspace
	Memberships(user desk.ID) ([]Membership, error)
	AnyUser() (bool, error) // false on a fresh server: the set-up page may run
}

// Membership is one workspace that a user may enter.
type Membership struct {
	Workspace desk.Workspace
	Member    desk.Member
}

// AccountWriter changes people and credentials.
type AccountWriter interface {
	PutUser(desk.User) error // "email_taken" (conflict) when the address is another's
	PutSession(desk.Session) error
	// MoveSession enters another workspace; not_found for a session that ended, which nothing revives.
	MoveSession(tokenHash string, workspace desk.ID) error
	DeleteSession(tokenHash string) error
	DeleteSessionsOf(user desk.ID, except string) error
	TouchSession(tokenHash string, at time.Time) error
	PutAPIKey(desk.APIKey) error
	TouchAPIKey(id desk.ID, at time.Time) error
	PutInvite(desk.Invite) error
	DeleteInvite(id desk.ID) error
	DeleteUser(id desk.ID) error // with the sessions; "user_in_use" (conflict) while a member somewhere
}

// MemberReader reads members and their availability.
type MemberReader interface {
	Get(user desk.ID) (desk.Member, error)
	List() ([]desk.Member, error)
	// Agents are those who can have cases (desk.Member.Answers), with their capacity, 0 where they have the workspace's, and their channels;
	// whether they are online and what they have is for the caller to fill in.
	Agents() (map[desk.ID]desk.Agent, error)
	Presence(user desk.ID) (desk.Presence, error) // the zero Presence when there is no row
	Presences() ([]desk.Presence, error)
	Preferences(user desk.ID) ([]byte, error) // nil when none were kept
	CustomAvailability(id desk.ID) (desk.CustomAvailability, error)
	CustomAvailabilities() ([]desk.CustomAvailability, error) // by position
	CustomRole(id desk.ID) (desk.CustomRole, error)           // "role_not_found"
	CustomRoles() ([]desk.CustomRole, error)                  // oldest first
}

// MemberWriter changes members and their availability.
type MemberWriter interface {
	Put(desk.Member) error
	// Hold lets who gives a member work, and who changes whether they answer, take turns until the transaction's end: who looks after
	// it sees what the other wrote (E16, E27).
	Hold(user desk.ID) error
	PutPresence(desk.Presence) error // keeps Since while nothing else but the lease changes
	// RenewPresence prolongs leases, a statement per fifty (E27). The later one counts, whichever node wrote it, and a lease
	// of zero stays: that the member is gone was told, and only PutPresence tells that they are back.
	RenewPresence(users []desk.ID, until time.Time) error
	// PutPreferences keeps a member's screen settings (pane widths, density, keys, notifications) as JSON of at most 64 KB.
	PutPreferences(user desk.ID, preferences []byte) error
	PutCustomAvailability(desk.CustomAvailability) error
	DeleteCustomAvailability(id desk.ID) error // who chose it goes on with what it meant
	PutCustomRole(desk.CustomRole) error       // its base stays
	DeleteCustomRole(id desk.ID) error         // whoever had it has its base's rights: give them another first
	Delete(user desk.ID) error                 // with presence, team places, drafts and reads; what they wrote stays
}

// TeamReader reads teams.
type TeamReader interface {
	Get(id desk.ID) (desk.Team, error)
	List() ([]desk.Team, error)
	Of(user desk.ID) ([]desk.ID, error)
}

// TeamWriter changes teams.
type TeamWriter interface {
	Put(desk.Team) error // members included
	Delete(id desk.ID) error
}

// TagReader reads tags.
type TagReader interface {
	List() ([]desk.Tag, error)
	Get(id desk.ID) (desk.Tag, error)
}

// TagWriter changes tags.
type TagWriter interface {
	Put(desk.Tag) error // "tag_taken" (conflict) when the name is another's
	Delete(id desk.ID) error
}

// CannedReader reads canned replies.
type CannedReader interface {
	Get(id desk.ID) (desk.CannedReply, error)
	List() ([]desk.CannedReply, error) // everybody's; desk.CannedReply.For says whose they are
}

// CannedWriter changes canned replies.
type CannedWriter interface {
	Put(desk.CannedReply) error // keeps Uses and LastUsedAt; "canned_name_taken" (conflict) within an audience
	Delete(id desk.ID) error
	Used(id desk.ID, at time.Time) error // counts one use
}

// SavedViewReader reads saved views.
type SavedViewReader interface {
	Get(id desk.ID) (desk.SavedView, error)
	List() ([]desk.SavedView, error) // everybody's, by their places; desk.SavedView.For says whose they are
}

// SavedViewWriter changes saved views.
type SavedViewWriter interface {
	Put(desk.SavedView) error
	Delete(id desk.ID) error
}

// ScheduleReader reads schedules.
type ScheduleReader interface {
	Get(id desk.ID) (desk.Schedule, error)
	List() ([]desk.Schedule, error)
}

// ScheduleWriter changes schedules.
type ScheduleWriter interface {
	Put(desk.Schedule) error
	Delete(id desk.ID) error // "schedule_in_use" (conflict) while a channel uses it (0.10)
}

// ChannelReader reads channels.
type ChannelReader interface {
	Get(id desk.ID) (desk.Channel, error)                                          // deleted ones too: their history stays readable (H3)
	List() ([]desk.Channel, error)                                                 // without deleted ones
	Deleted() ([]desk.Channel, error)                                              // of the deleted ones those that have conversations
	ByAccount(kind, account string) (workspace desk.ID, c desk.Channel, err error) // across workspaces; not deleted
	ByHook(hook string) (workspace desk.ID, c desk.Channel, err error)             // across workspaces; not deleted
	// Hooked hands out every channel with a callback, across workspaces; each runs no statement of its own.
	Hooked(each func(workspace desk.ID, c desk.Channel) error) error
	// Faults are what the provider refused since an instant, by hour and code, newest first.
	Faults(id desk.ID, since time.Time) ([]desk.FaultCount, error)
}

// ChannelWriter changes channels.
type ChannelWriter interface {
	Put(desk.Channel) error // "channel_taken" (conflict) when (kind, account) is another's
	Touch(id desk.ID, at time.Time, on string) error
	// SetHealth notes what was seen of the channel; no version climbs and no event says so.
	SetHealth(id desk.ID, h desk.ChannelHealth) error
	CountFault(id desk.ID, code string) error
	// TakeTurns takes up to n turns of something that the channel does at a pace, all of which may be had by an instant:
	// from which instants on, in order. With none left by then, free is when the next one is.
	TakeTurns(id desk.ID, name string, p desk.Pace, n int, by time.Time) (turns []time.Time, free time.Time, err error)
}

// NotificationReader reads what members were told.
type NotificationReader interface {
	Get(id desk.ID) (desk.Notification, error)
	// Newest lists a member's own notifications, with admin also those of everybody who manages channels, the newest first.
	Newest(user desk.ID, admin bool, limit int) ([]desk.Notification, error)
}

// NotificationWriter tells members something; it is kept 30 days.
type NotificationWriter interface {
	Put(desk.Notification) error
}

// TemplateReader reads message templates (C3).
type TemplateReader interface {
	Get(id desk.ID) (desk.Template, error)
	ByName(channel desk.ID, name, language string) (desk.Template, error)
	Of(channel desk.ID) ([]desk.Template, error) // by name and language, deleted ones too: their history stays
}

// TemplateWriter changes message templates.
type TemplateWriter interface {
	Put(desk.Template) error // channel, name and language never change; "template_taken" (conflict) when they are another's
}

// DemoKind is a kind of record that demo data is made of.
type DemoKind string

// The kinds; what hangs on them (a contact's conversations, say) is not kept count of.
const (
	DemoContact DemoKind = "contact"
	DemoMember  DemoKind = "member"
	DemoTeam    DemoKind = "team"
	DemoTag     DemoKind = "tag"
)

// DemoRecord is one record that was made as demo data.
type DemoRecord struct {
	Kind DemoKind
	ID   desk.ID
}

// DemoReader says what in a workspace is demo data.
type DemoReader interface {
	Records() ([]DemoRecord, error)
}

// DemoWriter remembers what is demo data.
type DemoWriter interface {
	Remember(DemoRecord) error
	ForgetAll() error // the records themselves are the caller's to delete
}

// FieldReader reads the definitions of custom fields.
type FieldReader interface {
	Get(id desk.ID) (desk.Field, error)
	List() ([]desk.Field, error) // by subject and position, retired ones too
}

// FieldWriter changes definitions of custom fields; values are the records' own.
type FieldWriter interface {
	Put(desk.Field) error // subject and key never change; "field_taken" (conflict) when the key is another's
	Delete(id desk.ID) error
}

// RoutingRuleReader reads the routing rules.
type RoutingRuleReader interface {
	Get(id desk.ID) (desk.RoutingRule, error)
	List() ([]desk.RoutingRule, error) // in their order
}

// RoutingRuleWriter changes the routing rules.
type RoutingRuleWriter interface {
	Put(desk.RoutingRule) error
	Delete(id desk.ID) error // tickets keep its id
}

// ExportReader reads exports.
type ExportReader interface {
	Get(id desk.ID) (desk.Export, error)
	Of(user desk.ID, limit int) ([]desk.Export, error) // newest first
	// Due is a workspace with an export that nobody works on now, 0 if none; across workspaces.
	Due() (workspace desk.ID, err error)
	// Old are finished ones whose time is over (ID and Key alone), with their workspaces; across workspaces.
	Old(limit int) (all []desk.Export, workspaces []desk.ID, err error)
}

// ExportWriter changes exports. Renew and End do nothing, and say so, once the lease is another's or it was cancelled.
type ExportWriter interface {
	Put(desk.Export) error // once
	// Claim takes one that waits or whose worker is gone; Attempts counts, Done begins anew.
	Claim(token string, until time.Time) (e desk.Export, found bool, err error)
	Renew(desk.Export) (ours bool, err error) // Done, Total and LeaseUntil
	End(desk.Export) (ours bool, err error)
	Cancel(id desk.ID) (running bool, err error) // false when it had ended
	Expire(id desk.ID) error
}
