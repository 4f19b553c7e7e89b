package store

import (
	"time"

	"madoguchi/desk"
)

// RoutingReader reads what decides who gets a ticket (E3–E16).
type RoutingReader interface {
	// Queued are the tickets in the queues of some teams, in no order: a statement per team.
	Queued(teams []desk.ID) ([]desk.Queued, error)
	// Preferring are the queued tickets that prefer one of some members, in no order (E2, E11).
	Preferring(members []desk.ID) ([]desk.Queued, error)
	// Ahead is how many tickets of its team's queue come before one, as desk.SortQueue has it, counted up to a number (E10).
	Ahead(of desk.Queued, ageing bool, now time.Time, upTo int) (int, error)
	// Turns are when members were last given a ticket automatically, by team (E5).
	Turns() (map[desk.ID]desk.Turns, error)
	Offer(id desk.ID) (desk.Offer, error)
	// Offers are all that were made of tickets that still wait, oldest first.
	Offers() ([]desk.Offer, error)
	OffersOf(ticket desk.ID) ([]desk.Offer, error)
	// Awaited are the open tickets of some members whose customers wait, in no order (E15).
	Awaited(assignees []desk.ID) ([]desk.Awaited, error)
	// FirstPending is when the longest pending of somebody's tickets became so, of those after an instant; zero if none did.
	FirstPending(after time.Time) (time.Time, error)
}

// RoutingWriter changes whose turn it is and what was offered.
type RoutingWriter interface {
	SetTurn(team, user desk.ID, turn int64) error
	PutOffer(desk.Offer) error // "offer_exists" (conflict) for a second open one of a ticket
	// ForgetOffers removes what was offered of a ticket that waits no more.
	ForgetOffers(ticket desk.ID) error
	DropOffers(ids []desk.ID) error
}
