package store

import (
	"fmt"
	"slices"
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

// FetchAgain promises anew to get the files that a message lacks and its provider may still have: "not_fetchable" (conflict) where
// there are none. The caller holds the conversation and says what changed.
func FetchAgain(tx Tx, m *desk.Message, channel desk.ID) error {
	again := 0
	m.Parts = slices.Clone(m.Parts) // the closure may run again
	for i := range m.Parts {
		p := &m.Parts[i]
		if p.MediaRef == "" || !p.Media.Again() {
			continue
		}
		again++
		p.Media = desk.MediaFetching
		err := tx.WriteFetches().Put(MediaFetch{MessageID: m.ID, Part: i, ConversationID: m.ConversationID, ChannelID: channel, DueAt: tx.Now()})
		if err != nil {
			return fmt.Errorf("promise to fetch a file: %w", err)
		}
	}
	if again == 0 {
		return desk.Errorf(desk.KindConflict, "not_fetchable", "no file of message %d can be asked for again", m.ID)
	}
	return tx.WriteMessages().Update(m)
}
