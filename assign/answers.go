package assign

import (
	"fmt"
	"maps"
	"slices"

	"madoguchi/desk"
)

// answers are what became of the offers of one ticket, as far as they count.
type answers struct {
	by   map[desk.ID]desk.OfferState // by member
	last desk.Offer                  // the latest that was declined
	told bool                        // supervisors heard that everybody declined
}

func (a answers) open() bool {
	return slices.Contains(slices.Collect(maps.Values(a.by)), desk.OfferOpen)
}

func (a answers) with(o desk.Offer) answers {
	if a.by == nil {
		a.by = map[desk.ID]desk.OfferState{}
	}
	a.by[o.UserID] = o.State
	if o.State == desk.OfferDeclined && o.Until.After(a.last.Until) {
		a.last = o
	}
	a.told = a.told || o.Told
	return a
}

// endOffers finds the offers that are over, and how the others were answered, by ticket. Those that stand hold a slot.
func (f *floor) endOffers(p *plan) (map[desk.ID]answers, error) {
	if len(f.offers) == 0 {
		return nil, nil
	}
	ids := make([]desk.ID, len(f.offers))
	for i, o := range f.offers {
		ids[i] = o.TicketID
	}
	tickets, err := f.reader.Tickets().Many(ids)
	if err != nil {
		return nil, fmt.Errorf("read offered tickets: %w", err)
	}
	for id, t := range tickets {
		if t.Status != desk.StatusQueued {
			p.done = append(p.done, t)
			delete(tickets, id)
		}
	}
	answered := map[desk.ID]answers{}
	for _, o := range f.offers {
		t := tickets[o.TicketID]
		if o.State == desk.OfferOpen {
			o = f.judge(p, t, o)
		} else if o.Forgotten(f.now) {
			p.stale = append(p.stale, o.ID)
		}
		if t.ID == 0 || !o.Counts(f.now) { // as if it had not been made
			continue
		}
		if o.State != desk.OfferOpen {
			p.by(o.CountsUntil())
		}
		answered[o.TicketID] = answered[o.TicketID].with(o)
	}
	return answered, f.findStuck(p, tickets, answered)
}

// judge finds whether an offer is over by now, and notes it in the plan.
func (f *floor) judge(p *plan, t desk.Ticket, o desk.Offer) desk.Offer {
	switch {
	case !f.wants(t, o.UserID):
		o.State = desk.OfferMoot
	case o.Over(f.now):
		o.State = desk.OfferExpired
	default:
		f.hold(o.UserID, 1)
		p.by(o.Until)
		return o
	}
	p.ended = append(p.ended, o)
	return o
}

// findStuck finds the tickets that everybody declined, each once until the decline that it is told by counts no more (E12). Outside its
// channel's hours a ticket waits for those.
func (f *floor) findStuck(p *plan, tickets map[desk.ID]desk.Ticket, answered map[desk.ID]answers) error {
	hours := openings{reader: f.reader, now: f.now, known: map[desk.ID]opening{}}
	for _, id := range slices.Sorted(maps.Keys(answered)) {
		t, a := tickets[id], answered[id]
		if a.told || !f.teams[t.TeamID].Declined(f.agents, t.InQueue(), a.by) {
			continue
		}
		open, err := hours.of(t.ChannelID)
		if err != nil {
			return err
		}
		if open.now {
			p.stuck = append(p.stuck, a.last)
		}
	}
	return nil
}
