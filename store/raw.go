package store

import (
	"time"

	"madoguchi/desk"
)

// RawKeptFor is how long requests are kept after they came, so that they can be filed again.
const RawKeptFor = 7 * 24 * time.Hour

// RawRequest is what a provider sent, sealed, as it arrived.
type RawRequest struct {
	Workspace  desk.ID // given by readers across workspaces
	ID         desk.ID
	ChannelID  desk.ID
	ReceivedAt time.Time
	Sealed     []byte    // absent from lists
	DueAt      time.Time // when it is to be filed next, zero = it is done with; who files it moves it ahead, and so holds it
	Attempts   int
	FiledAt    time.Time
	Fault      string // of the last attempt
}

// RawReader reads requests of providers.
type RawReader interface {
	Get(id desk.ID) (RawRequest, error)
	// Due are those to be filed by now, longest due first; NextDue is when the next one is, zero if none. Across workspaces.
	Due(limit int) ([]RawRequest, error)
	NextDue() (time.Time, error)
	// Of are a channel's by id, after one and received at or after an instant.
	Of(channel, after desk.ID, since time.Time, limit int) ([]RawRequest, error)
}

// RawWriter keeps requests of providers until they are filed, and RawKeptFor.
type RawWriter interface {
	Put(RawRequest) error // once
	// Claim takes one that is due now until an instant; not found once another has it or it is done with.
	Claim(id desk.ID, until time.Time) (r RawRequest, found bool, err error)
	// Settle ends an attempt: FiledAt, DueAt and Fault.
	Settle(RawRequest) error
}
