package assign

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"madoguchi/desk"
	"madoguchi/reactor"
	"madoguchi/store"
)

// atOnce is how many tickets one transaction hands out: as many as may have come by the events that it reacts to.
const atOnce = reactor.AtOnce

// gift is a ticket that finds somebody.
type gift struct {
	ticket desk.Queued
	to     desk.ID
	turn   int64 // 0 = the team has none
	ask    bool  // it is offered first
}

// plan is what is to be done now, and when something is due if nothing happens before.
type plan struct {
	ended []desk.Offer   // with how they ended
	left  []desk.Awaited // by assignees who are gone
	gifts []gift
	done  []desk.ID // tickets that wait no more: what was offered of them is forgotten
	next  time.Time // zero = never
}

func (p *plan) empty() bool { return len(p.ended)+len(p.left)+len(p.gifts)+len(p.done) == 0 }

// settled reports whether, once the plan is carried out, nothing is due before something happens.
func (p *plan) settled() bool {
	asks := slices.ContainsFunc(p.gifts, func(g gift) bool { return g.ask })
	return p.next.IsZero() && len(p.ended)+len(p.left) == 0 && !asks
}

// by notes that something is due at an instant.
func (p *plan) by(t time.Time) {
	if !t.IsZero() && (p.next.IsZero() || t.Before(p.next)) {
		p.next = t
	}
}

// look makes the plan of an instant. It only reads.
func look(r store.Reader, now time.Time) (plan, error) {
	var p plan
	f, err := read(r, now)
	if err != nil {
		return p, err
	}
	waits, err := f.endOffers(&p)
	if err != nil {
		return p, err
	}
	if err := f.findLeft(&p); err != nil {
		return p, err
	}
	if full, _ := f.full(); !full {
		if err := f.match(&p, waits); err != nil {
			return p, err
		}
	}
	return p, f.awaitSlots(&p)
}

// awaitSlots finds when a slot is free that a customer's turn holds (E7), if somebody would have work for it, with the plan's too.
func (f *floor) awaitSlots(p *plan) error {
	if _, busy := f.full(); !busy {
		return nil
	}
	first, err := f.reader.Routing().FirstPending(f.now.Add(-desk.PendingHolds))
	if err != nil {
		return fmt.Errorf("read pending tickets: %w", err)
	}
	if !first.IsZero() {
		p.by(first.Add(desk.PendingHolds))
	}
	return nil
}

// endOffers finds the offers that are over, and how the others were answered, by ticket. Those that stand hold a slot.
func (f *floor) endOffers(p *plan) (map[desk.ID]map[desk.ID]desk.OfferState, error) {
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
	for id := range tickets {
		if tickets[id].Status != desk.StatusQueued {
			p.done = append(p.done, id)
		}
	}
	answered := map[desk.ID]map[desk.ID]desk.OfferState{}
	for _, o := range f.offers {
		if o.State == desk.OfferOpen {
			o = f.judge(p, tickets[o.TicketID], o)
		}
		if !o.Counts(f.now) { // as if it had not been made
			continue
		}
		if o.State != desk.OfferOpen && tickets[o.TicketID].Status == desk.StatusQueued {
			p.by(o.CountsUntil())
		}
		if answered[o.TicketID] == nil {
			answered[o.TicketID] = map[desk.ID]desk.OfferState{}
		}
		answered[o.TicketID][o.UserID] = o.State
	}
	return answered, nil
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

// findLeft finds what customers wait for in vain, whatever the team's mode (E15).
func (f *floor) findLeft(p *plan) error {
	awaited, err := f.reader.Routing().Awaited(f.gone())
	if err != nil {
		return fmt.Errorf("read awaited tickets: %w", err)
	}
	for _, a := range awaited {
		left, due := a.Left(f.workspace, f.presences[a.Assignee], f.custom(a.Assignee), f.now)
		switch {
		case left && len(p.left) < atOnce:
			p.left = append(p.left, a)
		case left:
			p.by(f.now)
		default:
			p.by(due)
		}
	}
	return nil
}

// match gives what waits to who is free, in the order of E10, each by its team's mode.
func (f *floor) match(p *plan, answered map[desk.ID]map[desk.ID]desk.OfferState) error {
	queue, err := f.queue()
	if err != nil || len(queue) == 0 {
		return err
	}
	turns, err := f.reader.Routing().Turns()
	if err != nil {
		return fmt.Errorf("read turns: %w", err)
	}
	hours := openings{reader: f.reader, now: f.now, known: map[desk.ID]opening{}}
	for _, q := range queue {
		if len(p.gifts) == atOnce {
			p.by(f.now)
			return nil
		}
		if full, _ := f.full(); full {
			return nil
		}
		if asked := answered[q.TicketID]; slices.Contains(slices.Collect(maps.Values(asked)), desk.OfferOpen) {
			continue
		}
		open, err := hours.of(q.ChannelID)
		if err != nil {
			return err
		}
		if !open.now {
			p.by(open.next)
			continue
		}
		team := f.teams[q.TeamID]
		if turns[team.ID] == nil {
			turns[team.ID] = desk.Turns{}
		}
		to := team.Choose(f.agents, turns[team.ID], q, answered[q.TicketID])
		if to == 0 {
			continue
		}
		g := gift{ticket: q, to: to, ask: team.Accept == desk.AcceptOffer}
		if team.Mode.Automatic() {
			g.turn = turns[team.ID].Next()
			turns[team.ID][to] = g.turn
		}
		f.hold(to, 1)
		p.gifts = append(p.gifts, g)
	}
	return nil
}

// queue is what waits in the teams that somebody of is free, and for those who are free, in order.
func (f *floor) queue() ([]desk.Queued, error) {
	able := f.able()
	queue, err := f.reader.Routing().Queued(able)
	if err != nil {
		return nil, fmt.Errorf("read queue: %w", err)
	}
	preferring, err := f.reader.Routing().Preferring(f.free())
	if err != nil {
		return nil, fmt.Errorf("read what prefers somebody: %w", err)
	}
	for _, q := range preferring {
		if !slices.Contains(able, q.TeamID) {
			queue = append(queue, q)
		}
	}
	aged := map[desk.ID]bool{}
	for id, t := range f.teams {
		aged[id] = t.Ageing
	}
	desk.SortQueue(queue, aged, f.now)
	return queue, nil
}

// opening is whether a channel's hours are now, and else when they begin, zero if never.
type opening struct {
	now  bool
	next time.Time
}

// openings remembers them while one plan is made.
type openings struct {
	reader store.Reader
	now    time.Time
	known  map[desk.ID]opening
}

func (o openings) of(channel desk.ID) (opening, error) {
	if known, ok := o.known[channel]; ok {
		return known, nil
	}
	found := opening{now: true}
	ch, err := o.reader.Channels().Get(channel)
	if err != nil {
		return found, fmt.Errorf("read channel: %w", err)
	}
	if ch.ScheduleID != 0 {
		schedule, err := o.reader.Schedules().Get(ch.ScheduleID)
		if err != nil {
			return found, fmt.Errorf("read schedule: %w", err)
		}
		if found.now, err = schedule.OpenAt(o.now); err != nil {
			return found, err
		}
		if !found.now {
			if found.next, _, err = schedule.NextOpen(o.now); err != nil {
				return found, err
			}
		}
	}
	o.known[channel] = found
	return found, nil
}
