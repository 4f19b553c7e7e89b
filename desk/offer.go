package desk

import "time"

// OfferState says what became of an offer (E12).
type OfferState string

// The states.
const (
	OfferOpen     OfferState = "open"
	OfferAccepted OfferState = "accepted"
	OfferDeclined OfferState = "declined"
	OfferExpired  OfferState = "expired"   // nobody answered in time
	OfferMoot     OfferState = "withdrawn" // the ticket waits for nobody any more, or the member cannot take it
)

// Offer asks a member whether they take a ticket; the ticket stays in the queue meanwhile, and the offer holds one of the member's
// slots (E12).
type Offer struct {
	ID             ID
	TicketID       ID
	ConversationID ID
	UserID         ID
	State          OfferState
	MadeAt         time.Time
	Until          time.Time // to be answered by; of one that was declined, when
	Told           bool      // supervisors were told by it that everybody declined
}

// Over reports whether the time to answer is up.
func (o Offer) Over(now time.Time) bool { return !now.Before(o.Until) }

// Open reports whether it can still be answered.
func (o Offer) Open(now time.Time) bool { return o.State == OfferOpen && !o.Over(now) }

// Declined is the offer as its member declined it.
func (o Offer) Declined(now time.Time) Offer {
	o.State, o.Until = OfferDeclined, now
	return o
}

// GivenBack is what a member who gives their ticket back to a queue, by hand or by a program of theirs, says with it: they decline it
// (E12, E13). False if the change of the ticket is another one, or another's (by, 0 = no member's): who has it taken from them did not
// decline it.
func (t Ticket) GivenBack(was Ticket, by ID, now time.Time) (Offer, bool) {
	o := Offer{TicketID: t.ID, ConversationID: t.ConversationID, UserID: was.Assignee, State: OfferDeclined, MadeAt: now, Until: now}
	return o, t.Status == StatusQueued && was.Assignee != 0 && t.Assignee == 0 && by == was.Assignee
}

// CountsUntil is when who declined it, or let it run out, is somebody to ask like any other again: where everybody did, the ticket would
// wait for ever.
func (o Offer) CountsUntil() time.Time { return o.Until.Add(DeclineCounts) }

// Counts reports whether the choice of whom to ask next still looks at it.
func (o Offer) Counts(now time.Time) bool {
	return o.State == OfferOpen || o.State != OfferMoot && now.Before(o.CountsUntil())
}

// Forgotten reports whether nothing is asked of one that is over any more.
func (o Offer) Forgotten(now time.Time) bool {
	return o.State != OfferOpen && !now.Before(o.CountsUntil())
}

// OfferEvent says that an offer was made, or how it ended; nobody but its member hears of it.
func OfferEvent(o Offer, by Actor, now time.Time) Event {
	return Event{
		Kind: EventOfferChanged, At: now, Actor: by, ConversationID: o.ConversationID, TicketID: o.TicketID, SubjectID: o.ID, UserID: o.UserID,
		Changes: []Change{{Field: "state", To: string(o.State)}},
	}
}
