package store

import (
	"time"

	"madoguchi/desk"
)

// SLAReader reads SLA policies, the clocks of tickets, and alerts of long waits (E17–E19).
type SLAReader interface {
	Policy(id desk.ID) (desk.SLAPolicy, error)
	Policies() ([]desk.SLAPolicy, error) // in their order
	OfTicket(ticket desk.ID) (desk.SLA, error)
	// Due are the clocks that come to a mark next, the earliest first, with the instant of each.
	Due(limit int) ([]SLADue, error)
	// WaitAlert is a team's; the default where none was kept.
	WaitAlert(team desk.ID) (desk.WaitAlert, error)
	// LongestWaiting is who has waited longest in a team's queue (0 = of no team).
	LongestWaiting(team desk.ID) (desk.Conversation, error)
}

// SLADue says that clocks of a ticket come to a mark.
type SLADue struct {
	TicketID       desk.ID
	ConversationID desk.ID
	At             time.Time
}

// SLAWriter changes them. What a conversation's row shows is put with the conversation.
type SLAWriter interface {
	PutPolicy(desk.SLAPolicy) error
	DeletePolicy(id desk.ID) error
	Put(desk.SLA) error
	// Recheck brings every running clock to a mark now: the terms that hold for it may have changed.
	Recheck() error
	PutWaitAlert(desk.WaitAlert) error
}
