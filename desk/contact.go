package desk

import "time"

// Contact is a person who writes to us (0.11).
type Contact struct {
	ID         ID
	Name       string // "" → readers show a localised placeholder with the number
	Email      string
	Phone      string // E.164
	Locale     string // BCP 47, "" unknown
	Zone       string // IANA, "" unknown
	ExternalID string // from a signed JWT only (F4), unique where not ""
	Fields     map[string]string
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Version    int64 // counts edits; an edit names the version it saw (G3.3)
}

// Identity is how a contact is known on one channel: (channel kind, scope, external id) belongs to one live contact (F1, F3).
type Identity struct {
	ID          ID
	ContactID   ID
	ChannelID   ID
	Kind        string // channel kind, e.g. "webchat"
	Scope       string // what the provider scopes its ids to (a page, an account, for web chat the channel id)
	ExternalID  string // opaque; other packages do not parse it
	Name        string // as the provider told it
	CreatedAt   time.Time
	BlockedAt   time.Time // zero unless blocked (F12)
	BlockedBy   ID        // the member who did
	BlockReason string    // in the member's words
	Alias       string    // another id of the same person there: a phone number beside a user id (F1), "" if none
	Standing    Standing
}

// Visitor is one browser or app install on a web chat channel (0.11). Its identity arises with its first message.
type Visitor struct {
	ID         ID
	ChannelID  ID
	Key        string // random, the identity's external id
	TokenHash  string // SHA-256 of the bearer token
	IdentityID ID     // 0 until the first message or identify
	ContactID  ID     // 0 until the first message or identify
	Locale     string
	UserAgent  string
	PageURL    string
	PageTitle  string
	CreatedAt  time.Time
	SeenAt     time.Time
	EndedAt    time.Time // logout: the token is dead
}

// ContactNote is what the team wrote about a contact (G3.1 メモ).
type ContactNote struct {
	ID        ID
	ContactID ID
	AuthorID  ID
	Body      string
	CreatedAt time.Time
	UpdatedAt time.Time
}

// HeldMessage is what a blocked person wrote: it made no case and nobody heard of it, and it goes after 30 days (F12).
type HeldMessage struct {
	ID         ID
	IdentityID ID
	ContactID  ID
	ChannelID  ID
	ClientID   string
	ExternalID string
	Parts      []Part
	At         time.Time
	ReceivedAt time.Time
}

// HeldFor is how long messages of blocked people are kept (F12).
const HeldFor = 30 * 24 * time.Hour

// MaxHeldShown is how many held messages the one who wrote them sees again.
const MaxHeldShown = 200

// Shown is a held message as its writer sees it: like any other of theirs.
func (m HeldMessage) Shown(seq int64) Message {
	return Message{
		ID: m.ID, Seq: seq, Author: Author{Kind: AuthorCustomer, ID: m.ContactID}, Parts: m.Parts, ClientID: m.ClientID,
		At: m.At, ReceivedAt: m.ReceivedAt, Version: 1,
	}
}
