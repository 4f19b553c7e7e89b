// Package sla keeps what is promised to customers (E17–E19): it follows the event log with each case's clocks, tells members when a
// target comes near and when it has passed, and supervisors when somebody waits too long. A workspace without policies pays nothing.
package sla

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"madoguchi/bus"
	"madoguchi/desk"
	"madoguchi/due"
	"madoguchi/reactor"
	"madoguchi/store"
)

// Config is what a Service needs.
type Config struct {
	Store store.Store
	Bus   bus.Bus
	Log   *slog.Logger // nil = slog.Default()
	Now   desk.Clock   // nil = time.Now
}

// Service keeps clocks and tells of them.
type Service struct {
	store   store.Store
	log     *slog.Logger
	now     desk.Clock
	reactor reactor.Reactor
	behind  map[desk.ID]time.Time // since when clocks are seen not to have followed, by ticket; the watch's own
}

// fresh is how old news of a case may be that its clocks still follow: after a long outage they are as right as before it.
const fresh = 7 * 24 * time.Hour

// New makes the service; it works while Run runs.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Service{store: c.Store, log: c.Log, now: c.Now, behind: map[desk.ID]time.Time{}}
	s.reactor = reactor.Reactor{
		Name: "sla", Store: c.Store, Bus: c.Bus, Log: c.Log, Now: c.Now, Fresh: fresh, Serves: promises, Wants: wants, React: s.react,
	}
	return s
}

// Run works until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	var marks sync.WaitGroup
	marks.Go(func() { due.Keep[struct{}](ctx, s.keeper(), nil) })
	defer marks.Wait()
	return s.reactor.Run(ctx)
}

// Round works through what happened since the last one.
func (s *Service) Round(ctx context.Context) error { return s.reactor.Round(ctx) }

// promises reports whether a workspace promises anything.
func promises(r store.Reader) (bool, error) {
	policies, err := r.SLA().Policies()
	return len(policies) > 0, err
}

// follows are the fields of a ticket that its clocks follow, or that choose its policy.
var follows = []string{"status", "wait_since", "replied_at", "priority", "team_id", "sla_policy_id"}

func wants(e desk.Event) bool {
	return e.Kind == desk.EventTicketCreated || e.Kind == desk.EventTicketChanged &&
		slices.ContainsFunc(e.Changes, func(c desk.Change) bool { return slices.Contains(follows, c.Field) })
}

func (s *Service) react(tx store.Tx, e desk.Event) error {
	v, err := open(tx, e.ConversationID, e.TicketID)
	if err != nil || v == nil {
		return err
	}
	terms, err := v.terms(e.At)
	if err != nil || len(v.policies) == 0 {
		return err
	}
	clocks, err := tx.SLA().OfTicket(e.TicketID)
	if err == nil {
		news, err := clocks.Follow(e.Changes, e.At, terms)
		if err != nil {
			return err
		}
		return v.keep(clocks, news)
	}
	if desk.KindOf(err) != desk.KindNotFound {
		return err
	}
	if e.Kind == desk.EventTicketCreated {
		clocks, err = desk.OpenSLA(v.ticket, terms)
	} else {
		clocks, err = desk.BeginSLA(v.ticket, terms, v.promisedSince())
	}
	if err != nil {
		return err
	}
	return v.keep(clocks, nil)
}
