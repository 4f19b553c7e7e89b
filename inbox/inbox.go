// Package inbox is what members do at the counter: reply, note, take, transfer, snooze, resolve, and keep the contact's
// record. Each command is one transaction that writes the record, its system lines, its events and its promises to send.
//
// Permissions (J3) are decided before a command arrives here, but for what hangs on whose case it is: that, and what the record's
// state allows, is decided here under the conversation's lock. Every command answers desk errors: not_found for what is not in the workspace, conflict "invalid_transition" for what 0.2
// forbids, invalid with the field's name for bad input; beside those, its own are named with it.
package inbox

import (
	"log/slog"
	"time"

	"madoguchi/auth"
	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/due"
	"madoguchi/store"
)

// Actor is the member at the counter, or the API key that acts for one.
type Actor struct {
	Workspace desk.ID
	By        desk.Actor // as the event log names it: a user or an API key
	User      desk.ID    // the member; for an API key the one who made it
	Name      string     // display name: what customers and system lines show
	// Supervises: may watch others' work (J3); answering the customer of somebody else's case is joining it then (E21).
	Supervises bool
	// AssignsOthers: may decide about cases that others have, and give away those that nobody has (J3).
	AssignsOthers bool
	Scope         desk.Scope // which conversations the member sees (J2), "" = all: the others are not there
}

// Member is a member as who acts, with what they may do by now.
func Member(w desk.Workspace, m desk.Member) Actor {
	a := Actor{Workspace: w.ID, By: desk.Actor{Kind: desk.ActorUser, ID: m.UserID}, User: m.UserID, Name: m.ShownName(), Scope: m.Scope}
	return a.With(auth.Of(w, m).Can)
}

// With is the actor with the permissions of whoever acts for them.
func (a Actor) With(can func(auth.Permission) bool) Actor {
	a.Supervises, a.AssignsOthers = can(auth.ConversationMonitor), can(auth.TicketAssignOthers)
	return a
}

// hand is the actor as who changes a case: a program does it for the member who made its key.
func (a Actor) hand() store.Hand {
	h := store.Hand{By: a.By, Name: a.Name}
	if a.By.Kind == desk.ActorAPIKey {
		h.For = a.User
	}
	return h
}

// sees answers not_found for a conversation outside of the actor's scope.
func (a Actor) sees(r store.Reader, c desk.Conversation) error {
	if a.Scope == "" || a.Scope == desk.ScopeAll {
		return nil
	}
	teams, err := r.Teams().Of(a.User)
	if err == nil && !a.Scope.Sees(a.User, teams, c) {
		err = desk.NotFound("conversation")
	}
	return err
}

// Config is what a Service needs.
type Config struct {
	Store    store.Store
	Channels channel.Registry
	Now      desk.Clock   // when to wake; records take the store's. nil = time.Now
	Log      *slog.Logger // nil = slog.Default()
	// Language is the language to write to a customer in; nil = the workspace's.
	Language func(store.Reader, *desk.Conversation) (desk.Locale, error)
}

// Service carries out the commands of members. It is safe for concurrent use.
type Service struct {
	store    store.Store
	channels channel.Registry
	now      desk.Clock
	log      *slog.Logger
	slept    due.Bell // something waits for its time here: RunWakes looks when it comes
	language func(store.Reader, *desk.Conversation) (desk.Locale, error)
}

// New makes the service.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Language == nil {
		c.Language = func(r store.Reader, _ *desk.Conversation) (desk.Locale, error) {
			w, err := r.Workspaces().Current()
			return w.Locale, err
		}
	}
	return &Service{store: c.Store, channels: c.Channels, now: c.Now, log: c.Log, language: c.Language, slept: due.NewBell()}
}

// Mode is what a member writes: a public reply or an internal note (G4.1).
type Mode string

// The modes.
const (
	ModeReply Mode = "reply"
	ModeNote  Mode = "note"
)

// Then is what happens to the ticket in the same transaction as the message (G4.10).
type Then string

// What may follow a message.
const (
	ThenNothing Then = ""
	ThenResolve Then = "resolve"
	ThenSnooze  Then = "snooze"
)

// NewMessage is what a member wants to say.
type NewMessage struct {
	ClientID    string // minted by the writer's device, 1..128 bytes; the same one again gives the same message
	Mode        Mode
	Parts       []desk.Part // 1..20; text of at most 10,000 runes in all, at most 10 attachments of the writer's own
	ReplyToID   desk.ID     // the customer's message of this conversation that a reply answers, 0 = none
	Whisper     bool        // with ModeNote: for who has the case (E21); the API has asked whether the writer may
	Then        Then
	SnoozeUntil time.Time // with ThenSnooze
}

// Unsent is what a member has not said yet.
type Unsent struct {
	Mode      Mode
	Parts     []desk.Part // none = there is no draft any more
	ReplyToID desk.ID
}

// Change is several edits of one ticket at once; nil leaves a field alone.
type Change struct {
	Assignee *desk.ID // 0 = nobody: back to the queue
	Team     *desk.ID // 0 = everybody
	Priority *desk.Priority
	Tags     *[]desk.ID
	Version  int64 // the row's version the editor saw, 0 = whatever it is; else "edited_meanwhile" (conflict)
}

// Transfer hands a ticket on (E13, E14): to a team's queue, to a person, or to a person in a team.
type Transfer struct {
	Team     desk.ID
	Assignee desk.ID
	Note     string // for the next one, optional; kept as a note in the thread
}

// ContactEdit changes a contact's fields; nil leaves a field alone (G3.3).
type ContactEdit struct {
	Name, Email, Phone, Locale, Zone *string
	Fields                           map[string]*string // nil value deletes the field
	Version                          int64              // the version the editor saw; else "edited_meanwhile" (conflict)
}
