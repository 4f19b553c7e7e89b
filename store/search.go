package store

import "madoguchi/desk"

// SearchKind is a kind of record that the index knows.
type SearchKind string

// The kinds. Their ids are drawn from one source, so that an id is one record of the index.
const (
	SearchMessage     SearchKind = "message"
	SearchContact     SearchKind = "contact"
	SearchContactNote SearchKind = "contact_note"
)

// SearchEntry is what a record can be found by. Tokens are letters and digits without ASCII capitals, each once; what they
// mean is package search's affair.
type SearchEntry struct {
	Kind   SearchKind
	ID     desk.ID
	Tokens []string // none takes the record out of the index
}

// Token is one condition: an entry has this token or, if Open, one that begins with it.
type Token struct {
	Text string
	Open bool
}

// SearchQuery asks for entries that have all tokens of one of the sets. A set without tokens matches nothing.
type SearchQuery struct {
	Sets  [][]Token
	Below desk.ID // only ids below, 0 = from the newest
	From  desk.ID // only ids from here on
	Limit int     // 1..1000
}

// SearchReader looks into the index. Its answers are candidates: the index may be moments behind the records.
type SearchReader interface {
	// Find gives the ids of entries, the newest (highest) first.
	Find(q SearchQuery) ([]desk.ID, error)
	// Position is how far the index is with one of its tasks, 0 at the beginning. Positions and entries are this database's
	// own: no backup or move carries them.
	Position(task string) (int64, error)
	// MessagesBelow, ContactsBelow and NotesBelow read every record, newest first, to fill the index with.
	MessagesBelow(id desk.ID, limit int) ([]desk.Message, error)
	ContactsBelow(id desk.ID, limit int) ([]desk.Contact, error)
	NotesBelow(id desk.ID, limit int) ([]desk.ContactNote, error)
}

// SearchWriter changes the index. Deleting a message, contact or contact note takes it out in the same transaction.
type SearchWriter interface {
	// Put replaces entries. A record that is not there (any more) gets none, whoever deletes it meanwhile.
	Put(entries ...SearchEntry) error
	// Hold is Position, which nobody else moves until this transaction ends: what two nodes do from there is done once.
	Hold(task string) (int64, error)
	SetPosition(task string, position int64) error
	// Tidy lets the database do a bounded piece of the index's upkeep and reports whether there is more to do.
	Tidy() (more bool, err error)
}
