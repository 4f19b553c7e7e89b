package assign

import (
	"fmt"
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
	stuck []desk.Offer  // the last ones of tickets that everybody declined: supervisors are to hear of it
	done  []desk.Ticket // that wait no more: what was offered of them is forgotten
	stale []desk.ID     // offers that count no more
	next  time.Time     // zero = never
}

func (p *plan) empty() bool {
	return len(p.ended)+len(p.left)+len(p.gifts)+len(p.stuck)+len(p.done)+len(p.stale) == 0
}

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
func (f *floor) match(p *plan, answered map[desk.ID]answers) error {
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
		if answered[q.TicketID].open() {
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
		to := team.Choose(f.agents, turns[team.ID], q, answered[q.TicketID].by)
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
