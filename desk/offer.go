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
	Until          time.Time
}

// Over reports whether the time to answer is up.
func (o Offer) Over(now time.Time) bool { return !now.Before(o.Until) }

// Open reports whether it can still be answered.
func (o Offer) Open(now time.Time) bool { return o.State == OfferOpen && !o.Over(now) }

// OfferEvent says that an offer was made, or how it ended; nobody but its member hears of it.
func OfferEvent(o Offer, by Actor, now time.Time) Event {
	return Event{
		Kind: EventOfferChanged, At: now, Actor: by, ConversationID: o.ConversationID, TicketID: o.TicketID, SubjectID: o.ID, UserID: o.UserID,
		Changes: []Change{{Field: "state", To: string(o.State)}},
	}
}
