// Package assign decides who gets a ticket (E3–E16): it hands out the queues of teams that want it, offers tickets where members
// are asked first, and takes back what customers wait for while its assignee is gone.
//
// Decisions of one workspace take turns on all nodes: each holds the same lock, reads who is there and what they have, and writes
// what follows in the same transaction.
package assign

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"madoguchi/bus"
	"madoguchi/desk"
	"madoguchi/due"
	"madoguchi/reactor"
	"madoguchi/store"
)

// turn names the lock under which a workspace's tickets are handed out, and the position of the reactor that does.
const turn = "assign"

// fresh is how long after an event somebody still acts on it by itself; what waits is found without it.
const fresh = 15 * time.Minute

// Config is what a Service needs.
type Config struct {
	Store store.Store
	Bus   bus.Bus
	Log   *slog.Logger // nil = slog.Default()
	Now   desk.Clock   // nil = time.Now
}

// Service hands out tickets. It is safe for concurrent use.
type Service struct {
	store   store.Store
	log     *slog.Logger
	now     desk.Clock
	reactor reactor.Reactor
	moved   due.Bell // what was decided is due again: the clock looks when
}

// New makes the service; it works while Run runs.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Service{store: c.Store, log: c.Log, now: c.Now, moved: due.NewBell()}
	s.reactor = reactor.Reactor{Name: turn, Store: c.Store, Bus: c.Bus, Log: c.Log, Now: c.Now, Fresh: fresh, Wants: wants, Together: s.react}
	return s
}

// Run works until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	var clock sync.WaitGroup
	clock.Go(func() { due.Keep(ctx, s.keeper(), s.moved) })
	defer clock.Wait()
	return s.reactor.Run(ctx)
}

// Round works through what happened since the last one.
func (s *Service) Round(ctx context.Context) error { return s.reactor.Round(ctx) }

// wants picks the events after which a ticket may find somebody, or somebody a ticket.
func wants(e desk.Event) bool {
	switch e.Kind {
	case desk.EventTicketCreated, desk.EventTicketDeleted, desk.EventConversationDeleted,
		desk.EventMemberChanged, desk.EventTeamChanged, desk.EventChannelChanged, desk.EventScheduleChanged, desk.EventWorkspaceChanged,
		desk.EventAvailabilityChanged, desk.EventCustomAvailability:
		return true
	case desk.EventOfferChanged:
		return changedTo(e, "state", string(desk.OfferDeclined))
	case desk.EventTicketChanged:
		return movesWork(e)
	}
	return false
}

// movesWork reports whether a change of a ticket puts one into a queue or takes one off somebody's slots.
func movesWork(e desk.Event) bool {
	for _, c := range e.Changes {
		switch c.Field {
		case "status":
			if e.Actor.Kind != desk.ActorSystem || c.To != string(desk.StatusOpen) {
				return true
			}
		case "assignee_id":
			if c.From != "0" {
				return true
			}
		case "team_id":
			return true
		}
	}
	return false
}

func changedTo(e desk.Event, field, to string) bool {
	for _, c := range e.Changes {
		if c.Field == field && c.To == to {
			return true
		}
	}
	return false
}

// react hands out once what several events together made possible: who is there and what they have is read once for all of it.
func (s *Service) react(tx store.Tx, events []desk.Event) error {
	for _, e := range events {
		if e.Kind == desk.EventTicketChanged {
			if err := returned(tx, e); err != nil {
				return err
			}
		}
	}
	p, err := decide(tx)
	if err == nil && !p.settled() {
		s.moved.Ring()
	}
	return err
}
