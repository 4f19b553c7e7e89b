package store

import (
	"time"

	"madoguchi/desk"
)

// MediaFetch is a promise to get a file that a customer sent from the provider that still keeps it.
type MediaFetch struct {
	Workspace      desk.ID // given by readers across workspaces
	MessageID      desk.ID
	Part           int // of the message
	ConversationID desk.ID
	ChannelID      desk.ID
	Attempts       int
	DueAt          time.Time
	Token          string // of who has it in hand
}

// FetchReader reads files to fetch, across workspaces.
type FetchReader interface {
	Due(limit int) ([]MediaFetch, error)
	NextDue() (time.Time, error) // zero if there is none
}

// FetchWriter changes files to fetch.
type FetchWriter interface {
	Put(MediaFetch) error // what is there already is due anew
	// Claim takes one that is due now until an instant, in Token's name; not found once another has it.
	Claim(f MediaFetch, until time.Time) (claimed MediaFetch, found bool, err error)
	// Postpone and End do nothing, and say so, once it is in another's hand.
	Postpone(MediaFetch) (ours bool, err error)
	End(MediaFetch) (ours bool, err error)
}
